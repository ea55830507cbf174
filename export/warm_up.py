"""Requests that Triton sends a model before it is ready, so that no first edit waits."""

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.tensorrt.profiles import usual_dims


def warm_up(config: ModelConfig) -> None:
    """Adds a request of zeros for every number of rows, with usual prompts.

    A model that is not batched is sent one, with the batch size of 1 that Triton's core asks for.
    """
    for rows in range(1, max(1, config.max_batch_size) + 1):
        _add(config, rows)


def _add(config: ModelConfig, rows: int) -> None:
    request = config.model_warmup.add(name=f"rows-{rows}", batch_size=rows)
    types = {tensor.name: tensor.data_type for tensor in config.input}
    for name, dims in usual_dims(config).items():
        sample = request.inputs[name]
        sample.data_type = types[name]
        sample.dims.extend(dims)
        sample.zero_data = True
