"""Runs the product on one machine: the embedded Triton server, and the frontend before it."""
