"""The backend `onnxruntime`: what Triton loads for a model that names it."""

from retouch.backends.declaration import Declaration
from retouch.backends.onnx_engine import OnnxRuntimeEngine
from retouch.backends.triton import EngineModel


class TritonPythonModel(EngineModel):
    """What Triton loads for `backend: "onnxruntime"`."""

    default_model_filename = "model.onnx"

    def load(self, declaration: Declaration) -> OnnxRuntimeEngine:
        """Load the model's graph."""
        return OnnxRuntimeEngine(declaration)
