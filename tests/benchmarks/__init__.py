"""Benchmarks are measured, not tested; what they compute is."""
