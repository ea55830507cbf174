"""A graph's config for a GPU, and in the terms of NVIDIA's `onnxruntime` backend for CUDA."""

from typing import Final

from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInstanceGroup

from export.warm_up import warm_up

CONVOLUTION_SEARCH: Final = "cudnn_conv_algo_search"
HEURISTIC: Final = "1"


def place_on_gpu(config: ModelConfig) -> None:
    """Changes a refined config, which then asks for a GPU and is warm before it is ready."""
    del config.instance_group[:]
    config.instance_group.append(ModelInstanceGroup(kind=ModelInstanceGroup.KIND_GPU, count=1))
    warm_up(config)


def for_onnxruntime_gpu(config: ModelConfig) -> None:
    """Changes a config that is placed on a GPU: cuDNN's algorithms are chosen by a rule.

    The backend's own choice is to try all of them at the first call of every shape, for seconds; by
    its source it falls back to that, whatever the `cuda` accelerator says, in a config with
    parameters but without this one.

    The backend binds inputs and outputs to the device itself.
    """
    config.parameters[CONVOLUTION_SEARCH].string_value = HEURISTIC
