"""Triton alone, without the frontend, under loads of NVIDIA's perf_analyzer."""
