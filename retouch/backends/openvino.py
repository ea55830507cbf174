"""The backend `openvino`: what Triton loads for a model that names it."""

from retouch.backends.declaration import Declaration
from retouch.backends.engine import Engine, EngineError
from retouch.backends.triton import EngineModel


class TritonPythonModel(EngineModel):
    """What Triton loads for `backend: "openvino"`."""

    default_model_filename = "model.xml"

    def load(self, declaration: Declaration) -> Engine:
        """Load the model's graph."""
        try:
            from retouch.backends.openvino_engine import OpenVinoEngine
        except ModuleNotFoundError as error:
            raise EngineError(
                f"{declaration.name}: no module {error.name}: pip install 'retouch[serve]'"
            ) from error
        return OpenVinoEngine(declaration)
