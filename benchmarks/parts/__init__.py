"""The parts of `python -m benchmarks`: each measures one thing and answers with rows."""
