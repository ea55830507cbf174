"""Running Tritons take up another release, and no edit notices."""

import asyncio
from collections.abc import Iterable, Sequence

from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

from retouch.releases.errors import ReleaseError
from retouch.releases.release import Release
from retouch.releases.repository import ReleasedModel

POLL_SECONDS = 0.2
_GONE = "UNAVAILABLE"

Tritons = Sequence[InferenceServerClient]


async def switch(
    tritons: Tritons, model: ReleasedModel, release: Release, grace_seconds: float
) -> None:
    """Load a release, let new edits have it, and unload the former when its last edit has ended.

    Args:
        tritons: servers of the model's repository that run with `--model-control-mode=explicit`.
            Each holds both releases for that time.
        model: what to switch.
        release: the one to be used from now on.
        grace_seconds: how long frontends may still know the former one, and ask its tokenizer.

    Raises:
        ReleaseError: the release does not load; the former one goes on being served.
    """
    former = model.in_use
    try:
        await _load(tritons, model.parts(release))
        model.use(release)
        await _load(tritons, [model.name])
    except ReleaseError:
        await _go_back(tritons, model, former, release)
        raise
    if former != release:
        await asyncio.gather(*(_ended(triton, former) for triton in tritons))
        await asyncio.sleep(grace_seconds)
        await _unload(tritons, _own_parts(model, former, release))


async def _go_back(
    tritons: Tritons, model: ReleasedModel, former: Release, release: Release
) -> None:
    if model.in_use != former:
        model.use(former)
        await _load(tritons, [model.name])
        await asyncio.gather(*(_ended(triton, release) for triton in tritons))
    await _unload(tritons, _own_parts(model, release, former))


def _own_parts(model: ReleasedModel, release: Release, other: Release) -> list[str]:
    """The parts of a release that are not the other's, in the order of unloading."""
    return [part for part in reversed(model.parts(release)) if part not in other.possible_parts]


async def _load(tritons: Tritons, names: Iterable[str]) -> None:
    for name in names:
        try:
            await asyncio.gather(*(triton.load_model(name) for triton in tritons))
        except InferenceServerException as error:
            raise ReleaseError(f"{name} does not load: {error.message()}") from error


async def _unload(tritons: Tritons, names: Iterable[str]) -> None:
    for name in names:
        await asyncio.gather(*(triton.unload_model(name) for triton in tritons))


async def _ended(triton: InferenceServerClient, release: Release) -> None:
    """Wait until the release's last edit has ended, and its loop with it."""
    while True:
        index = await triton.get_model_repository_index()
        states = {(model.name, model.version): model.state for model in index.models}
        if states.get((release.model, str(release.number)), _GONE) == _GONE:
            return
        await asyncio.sleep(POLL_SECONDS)
