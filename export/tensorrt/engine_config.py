"""A graph's config in the terms of NVIDIA's `tensorrt` backend."""

from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.tensorrt.profiles import profiles, usual_dims

PLAN_FILE = "model.plan"


def for_tensorrt(config: ModelConfig) -> None:
    """Changes a config that is placed on a GPU, which then names the plan, profiles, CUDA graphs.

    A CUDA graph is captured for every number of rows with usual prompts, as the warm-up asks for
    them: no first edit pays for it. For other shapes the backend launches the kernels one by one. A
    model that is not batched is captured once, with `batch_size` 0, which the backend asks for.
    """
    config.backend = "tensorrt"
    config.default_model_filename = PLAN_FILE
    [group] = config.instance_group
    group.profile.extend(str(index) for index, _ in enumerate(profiles(config)))
    config.optimization.cuda.graphs = True
    for rows in range(1, config.max_batch_size + 1) or (0,):
        _capture(config, rows)


def _capture(config: ModelConfig, rows: int) -> None:
    spec = config.optimization.cuda.graph_spec.add(batch_size=rows)
    for name, dims in usual_dims(config).items():
        spec.input[name].dim.extend(dims)
