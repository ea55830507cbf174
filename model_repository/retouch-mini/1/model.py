"""Triton loads `TritonPythonModel` from here; the loop is in `retouch.denoise`."""

from retouch.triton_models.edit import EditModel as TritonPythonModel

__all__ = ["TritonPythonModel"]
