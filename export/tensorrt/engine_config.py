"""A graph's config in the terms of NVIDIA's `tensorrt` backend."""

from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInstanceGroup

from export.tensorrt.profiles import profiles, usual_dims
from export.warm_up import warm_up

PLAN_FILE = "model.plan"


def for_tensorrt(config: ModelConfig) -> None:
    """Changes a refined config, which then names the plan, its profiles, CUDA graphs and warm-up.

    A CUDA graph is captured, and a warm-up request sent, for every number of rows with usual
    prompts: no first edit pays for either. For other shapes the backend launches the kernels one
    by one. A model that is not batched is captured once, with `batch_size` 0, which the backend
    asks for, and warmed up with the 1 that the core asks for.
    """
    config.backend = "tensorrt"
    config.default_model_filename = PLAN_FILE
    group = ModelInstanceGroup(kind=ModelInstanceGroup.KIND_GPU, count=1)
    group.profile.extend(str(index) for index, _ in enumerate(profiles(config)))
    del config.instance_group[:]
    config.instance_group.append(group)
    config.optimization.cuda.graphs = True
    for rows in range(1, config.max_batch_size + 1) or (0,):
        _capture(config, rows)
    warm_up(config)


def _capture(config: ModelConfig, rows: int) -> None:
    spec = config.optimization.cuda.graph_spec.add(batch_size=rows)
    for name, dims in usual_dims(config).items():
        spec.input[name].dim.extend(dims)
