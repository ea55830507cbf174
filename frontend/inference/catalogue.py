"""Which of Triton's models the API lists."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tritonclient.grpc import InferenceServerException
from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.grpc.model_config_pb2 import ModelInstanceGroup

from frontend.inference.models import EditModel

_TASK: Final = "image-edit"
_TIMEOUT_SECONDS: Final = 5.0
_READY: Final = "READY"


async def models_on(client: InferenceServerClient) -> Mapping[str, EditModel]:
    """Return a server's ready models whose parameter `task` is `image-edit`, by id.

    Raises:
        InferenceServerException: it does not answer.
    """
    index = await client.get_model_repository_index(client_timeout=_TIMEOUT_SECONDS)
    ready = sorted({entry.name for entry in index.models if entry.state == _READY})
    configs = {name: await _config(client, name) for name in ready}
    models = (
        edit_model(config, configs.get(f"{parts_of(config)}.unet"))
        for config in configs.values()
        if config is not None
    )
    return {model.id: model for model in models if model is not None}


def merged(
    listed: Sequence[Mapping[str, EditModel]], ready: Sequence[Mapping[str, EditModel]]
) -> Mapping[str, EditModel]:
    """Return the models of several servers as one catalogue.

    Where servers differ in a model's window, as while it is being replaced, the window that most of
    them have counts, or of as many the newest; the other servers get no edits of the model.

    Args:
        listed: the models that each server has; such a one that is nowhere ready has no servers.
        ready: those of them that are ready.
    """
    models = {name: replace(model, servers=0) for has in listed for name, model in has.items()}
    for name in {name for has in ready for name in has}:
        models[name] = _one_of([has[name] for has in ready if name in has])
    return dict(sorted(models.items()))


def _one_of(models: Sequence[EditModel]) -> EditModel:
    windows = [model.window for model in models]
    best = max(models, key=lambda model: (windows.count(model.window), model.created))
    alike = [model for model in models if model.window == best.window]
    return replace(best, max_rows=sum(model.max_rows for model in alike), servers=len(alike))


async def _config(client: InferenceServerClient, name: str) -> Any:
    """A model's config, or None if it has been unloaded since it was listed."""
    try:
        answer = await client.get_model_config(name, client_timeout=_TIMEOUT_SECONDS)
    except InferenceServerException:
        return None
    return answer.config


def parts_of(config: Any) -> str:
    """Return what the names of the models begin with that a public model is made of."""
    return config.parameters["parts"].string_value or str(config.name)


def edit_model(config: Any, unet: Any) -> EditModel | None:  # a generated protobuf class
    """Return the model that a `ModelConfig` describes, or None if it does not edit images.

    Args:
        config: the model's.
        unet: that of its part `unet`, or None.
    """
    parameters = {key: value.string_value for key, value in config.parameters.items()}
    if parameters.get("task") != _TASK:
        return None
    return EditModel(
        id=config.name,
        resolution=int(parameters["resolution"]),
        latent_factor=int(parameters["latent_factor"]),
        max_rows=int(parameters["max_rows"]),
        steps=int(parameters["steps"]),
        guidance=float(parameters["guidance"]),
        strength=float(parameters["strength"]),
        created=int(parameters.get("created", 0)),
        engine="" if unet is None else unet.backend,
        device="" if unet is None else _device(unet),
        parts=parts_of(config),
    )


def _device(config: Any) -> str:
    """Where a model's first instance runs."""
    group = config.instance_group[0]
    kind = ModelInstanceGroup.Kind.Name(group.kind).removeprefix("KIND_")
    return " ".join([kind, *map(str, group.gpus)])
