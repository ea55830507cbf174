"""How much of what: every number of the training, for a CPU and for a GPU."""

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True)
class AutoencoderPlan:
    """One run over crops of scenes, the learning rate falling along a cosine to zero.

    Attributes:
        steps: optimiser steps.
        parts: parts of a batch, each a unit of work for one thread.
        crops: crops in one part; two are cut from each scene.
        learning_rate: at the start, after a short warm-up.
    """

    steps: int
    parts: int
    crops: int
    learning_rate: float


@dataclass(frozen=True)
class DenoiserPhase:
    """Some steps at one picture size; the learning rate moves linearly over them.

    Attributes:
        side: pixels a side of the scenes.
        steps: optimiser steps.
        parts: parts of a batch, each a unit of work for one thread.
        scenes: scenes in one part.
        reuse: how often each scene is trained on, each time with other noise.
        first_rate: learning rate at the phase's start.
        last_rate: learning rate at the phase's end.
    """

    side: int
    steps: int
    parts: int
    scenes: int
    reuse: int
    first_rate: float
    last_rate: float


@dataclass(frozen=True)
class Recipe:
    """All stages.

    Attributes:
        seed: decides every scene, weight and noise.
        captions: how many the vocabulary is learnt from.
        unet_channels: of the UNet at full, half, quarter and eighth resolution.
        autoencoder: the first stage.
        denoiser: the second stage's phases.
        drawing_processes: processes that draw scenes beside the training.
        shown_edits: edits in each sample grid; one is drawn whenever weights are saved.
        save_every_seconds: at most this much is lost when a run is stopped.
    """

    seed: int
    captions: int
    unet_channels: tuple[int, int, int, int]
    autoencoder: AutoencoderPlan
    denoiser: tuple[DenoiserPhase, ...]
    drawing_processes: int
    shown_edits: int
    save_every_seconds: float


CPU: Final = Recipe(
    seed=1,
    captions=6000,
    unet_channels=(32, 96, 128, 128),
    autoencoder=AutoencoderPlan(steps=8000, parts=2, crops=8, learning_rate=1e-3),
    denoiser=(
        DenoiserPhase(128, 2800, parts=2, scenes=24, reuse=4, first_rate=1.2e-3, last_rate=1.2e-3),
        DenoiserPhase(256, 6200, parts=2, scenes=16, reuse=6, first_rate=1e-3, last_rate=1e-5),
    ),
    drawing_processes=1,
    shown_edits=4,
    save_every_seconds=420,
)

CPU_ON: Final = replace(
    CPU,
    seed=3,  # other scenes
    autoencoder=AutoencoderPlan(steps=5000, parts=2, crops=8, learning_rate=6e-4),
    denoiser=(
        DenoiserPhase(256, 4600, parts=2, scenes=16, reuse=6, first_rate=7e-4, last_rate=1e-5),
    ),
)
"""What a finished checkpoint is trained on by."""

GPU: Final = Recipe(
    seed=1,
    captions=6000,
    unet_channels=(64, 128, 192, 192),
    autoencoder=AutoencoderPlan(steps=6000, parts=1, crops=128, learning_rate=1.5e-3),
    denoiser=(
        DenoiserPhase(128, 4000, parts=1, scenes=256, reuse=4, first_rate=1e-3, last_rate=1e-3),
        DenoiserPhase(256, 10_000, parts=1, scenes=128, reuse=4, first_rate=8e-4, last_rate=2e-5),
    ),
    drawing_processes=14,
    shown_edits=10,
    save_every_seconds=90,
)
