"""Triton loads `TritonPythonModel` from here; the tokenizer is in `retouch.prompts`."""

from retouch.triton_models.tokenizer import TokenizerModel as TritonPythonModel

__all__ = ["TritonPythonModel"]
