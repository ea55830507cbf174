"""The HTTP service: everything about pixels and people. Models live behind `frontend.inference`."""
