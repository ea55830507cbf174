"""ONNX graphs in ONNX Runtime, on CPU or CUDA."""

from collections.abc import Mapping
from typing import Any, Final

import onnxruntime as ort

from retouch.backends.declaration import Declaration
from retouch.backends.engine import Array, EngineError, Tensors

# The native backend's numbers for them. A search for the best stalls the first call of every new
# batch size for seconds.
_CONVOLUTION_SEARCHES: Final = {0: "EXHAUSTIVE", 1: "HEURISTIC", 2: "DEFAULT"}


class OnnxRuntimeEngine:
    """An ONNX graph in an ONNX Runtime session."""

    def __init__(self, declaration: Declaration) -> None:
        """Load the graph; raises `EngineError` if it or its execution provider can't be had."""
        self._session = _session(declaration)
        declaration.check_names(
            {tensor.name for tensor in self._session.get_inputs()},
            {tensor.name for tensor in self._session.get_outputs()},
        )

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        """Compute the named outputs."""
        values = self._session.run(output_names, dict(inputs))
        return dict(zip(output_names, values, strict=True))


def _session(declaration: Declaration) -> ort.InferenceSession:
    options = ort.SessionOptions()
    # The native backend's parameter names.
    options.intra_op_num_threads = declaration.integer("intra_op_thread_count")
    options.inter_op_num_threads = declaration.integer("inter_op_thread_count")
    options.log_severity_level = (
        3  # errors only: a graph's own warnings would flood the server's log
    )
    providers = _providers(declaration)
    try:
        return ort.InferenceSession(declaration.model_file, options, providers=providers)
    except Exception as error:  # onnxruntime has no common base class for its errors
        raise EngineError(f"{declaration.name}: {error}") from error


def _providers(declaration: Declaration) -> list[str | tuple[str, Mapping[str, Any]]]:
    if not declaration.on_gpu:
        return ["CPUExecutionProvider"]
    if "CUDAExecutionProvider" not in ort.get_available_providers():
        raise EngineError(
            f"{declaration.name}: the config asks for a GPU, but this onnxruntime has no CUDA "
            "execution provider: install onnxruntime-gpu in its place"
        )
    number = declaration.integer("cudnn_conv_algo_search")
    if number not in _CONVOLUTION_SEARCHES:
        raise EngineError(f"{declaration.name}: cudnn_conv_algo_search = {number} is not 0, 1 or 2")
    search = _CONVOLUTION_SEARCHES[number]
    cuda = {"device_id": declaration.device, "cudnn_conv_algo_search": search}
    return [("CUDAExecutionProvider", cuda), "CPUExecutionProvider"]
