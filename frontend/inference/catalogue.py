"""Which of Triton's models the API lists."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.grpc.model_config_pb2 import ModelInstanceGroup

from frontend.inference.models import EditModel

_TASK: Final = "image-edit"
_TIMEOUT_SECONDS: Final = 5.0
_READY: Final = "READY"


class Catalogue:
    """The ready models whose parameter `task` is `image-edit`, read every few seconds at most."""

    def __init__(self, client: InferenceServerClient, lifetime_seconds: float) -> None:
        self._client = client
        self._lifetime_seconds = lifetime_seconds
        self._models: Mapping[str, EditModel] = {}
        self._good_until = -1.0
        self._refreshing = asyncio.Lock()

    async def models(self) -> Mapping[str, EditModel]:
        """Return the models by id.

        Raises:
            InferenceServerException: Triton does not answer.
        """
        async with self._refreshing:
            if time.monotonic() >= self._good_until:
                self._models = await self._read()
                self._good_until = time.monotonic() + self._lifetime_seconds
            return self._models

    def forget(self) -> None:
        """Ask again next time: an edit failed, so Triton may have changed."""
        self._good_until = -1.0

    async def _read(self) -> Mapping[str, EditModel]:
        index = await self._client.get_model_repository_index(client_timeout=_TIMEOUT_SECONDS)
        ready = sorted({entry.name for entry in index.models if entry.state == _READY})
        configs = {name: await self._config(name) for name in ready}
        models = (
            edit_model(config, configs.get(f"{name}.unet")) for name, config in configs.items()
        )
        return {model.id: model for model in models if model is not None}

    async def _config(self, name: str) -> Any:
        answer = await self._client.get_model_config(name, client_timeout=_TIMEOUT_SECONDS)
        return answer.config


def edit_model(config: Any, unet: Any) -> EditModel | None:  # a generated protobuf class
    """Return the model that a `ModelConfig` describes, or None if it does not edit images.

    Args:
        config: the model's.
        unet: its UNet's, if there is one of the usual name.
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
    )


def _device(config: Any) -> str:
    """Where a model's first instance runs."""
    group = config.instance_group[0]
    kind = ModelInstanceGroup.Kind.Name(group.kind).removeprefix("KIND_")
    return " ".join([kind, *map(str, group.gpus)])
