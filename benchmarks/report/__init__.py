"""What `python -m benchmarks` makes of its measurements: a table, JSON and plots."""
