"""The second stage: text encoder and UNet, trained together to fill holes with what words say."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import torch
from diffusers import AutoencoderTiny, DDIMScheduler, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextModel, CLIPTokenizer

from training.averaging import MovingAverage
from training.diffusion import add_noise, latents_loss
from training.gradients import mean_gradients
from training.pool import Encoded, Pool, encode
from training.progress import Progress
from training.recipe import DenoiserPhase, Recipe
from training.runs import Run, autocast
from training.supply import Examples, example_batches, tokens

_WORDLESS_SHARE = 0.1
_WARM_UP_STEPS = 100


@dataclass(frozen=True)
class Denoiser:
    """What is trained, and the frozen models it is trained with."""

    unet: UNet2DConditionModel
    text_encoder: CLIPTextModel
    average: MovingAverage
    optimiser: torch.optim.Optimizer
    autoencoder: AutoencoderTiny
    tokenizer: CLIPTokenizer
    scheduler: DDIMScheduler

    def parameters(self) -> list[nn.Parameter]:
        """Those that gradients are taken for."""
        return [*self.unet.parameters(), *self.text_encoder.parameters()]


def new_denoiser(
    unet: UNet2DConditionModel,
    text_encoder: CLIPTextModel,
    autoencoder: AutoencoderTiny,
    tokenizer: CLIPTokenizer,
    scheduler: DDIMScheduler,
) -> Denoiser:
    """Add an average and an optimiser to the models."""
    average = MovingAverage({"unet": unet, "text_encoder": text_encoder})
    parameters = [*unet.parameters(), *text_encoder.parameters()]
    optimiser = torch.optim.AdamW(parameters, betas=(0.9, 0.99), weight_decay=0.01, fused=True)
    return Denoiser(unet, text_encoder, average, optimiser, autoencoder, tokenizer, scheduler)


def train_denoiser(
    denoiser: Denoiser, recipe: Recipe, run: Run, after_saving: Callable[[int], None]
) -> None:
    """Train in place through all phases, from the run's last checkpoint if it has one."""
    done = run.resume(
        "denoiser",
        {
            "unet": denoiser.unet,
            "text_encoder": denoiser.text_encoder,
            "average": denoiser.average,
            "optimiser": denoiser.optimiser,
        },
    )
    total, before = sum(phase.steps for phase in recipe.denoiser), 0
    with run.threads() as pool:
        for number, phase in enumerate(recipe.denoiser):
            supply = _supply(denoiser, recipe, number, max(0, done - before), run.device, pool)
            progress = Progress(f"denoiser {phase.side}px", phase.steps, phase.parts * phase.scenes)
            for step in range(max(0, done - before), phase.steps):
                _set_rate(denoiser.optimiser, phase, step, before + step)
                batch = _batch(
                    denoiser, supply, phase, torch.Generator().manual_seed(before + step)
                )
                progress.report(step, _step(denoiser, batch, phase.parts, pool, before + step))
                if run.keep("denoiser", before + step + 1, total):
                    after_saving(before + step + 1)
            before += phase.steps


def _supply(
    denoiser: Denoiser,
    recipe: Recipe,
    number: int,
    done: int,
    device: torch.device,
    threads: ThreadPoolExecutor,
) -> Pool:
    """Scenes of a phase from where `done` steps left it; each phase has numbers of its own."""
    phase = recipe.denoiser[number]
    scenes = phase.parts * phase.scenes
    first = (number + 1) * 10_000_000 + done // phase.reuse * scenes
    count = (phase.steps - done + phase.reuse) // phase.reuse * scenes
    dataset = Examples(recipe.seed, phase.side, first, count, denoiser.tokenizer)
    batches = example_batches(dataset, scenes, recipe.drawing_processes)
    encoded = (encode(batch, denoiser.autoencoder, device, threads) for batch in batches)
    return Pool(encoded, phase.reuse)


def _set_rate(
    optimiser: torch.optim.Optimizer, phase: DenoiserPhase, step: int, all_steps: int
) -> None:
    rate = phase.first_rate + (phase.last_rate - phase.first_rate) * step / phase.steps
    for group in optimiser.param_groups:
        group["lr"] = rate * min(1.0, (all_steps + 1) / _WARM_UP_STEPS)


def _batch(
    denoiser: Denoiser, supply: Pool, phase: DenoiserPhase, generator: torch.Generator
) -> Encoded:
    """A batch in which some scenes have lost their words, for classifier-free guidance."""
    batch = supply.draw(phase.parts * phase.scenes, generator)
    wordless = tokens(denoiser.tokenizer, [""]).to(batch.tokens.device)
    lost = torch.rand(len(batch.tokens), 1, generator=generator) < _WORDLESS_SHARE
    words = torch.where(lost.to(batch.tokens.device), wordless, batch.tokens)
    return Encoded(batch.latents, batch.masked, batch.hole, words)


def _step(
    denoiser: Denoiser, batch: Encoded, parts: int, pool: ThreadPoolExecutor, step: int
) -> float:
    size = len(batch.hole) // parts

    def loss_of(part: int) -> Tensor:
        generator = torch.Generator().manual_seed((step * parts + part) ^ 0x5EED)
        return denoiser_loss(denoiser, batch.at(slice(part * size, (part + 1) * size)), generator)

    loss = mean_gradients(loss_of, parts, denoiser.parameters(), pool)
    nn.utils.clip_grad_norm_(denoiser.parameters(), 1.0)
    denoiser.optimiser.step()
    denoiser.average.update()
    return loss


def denoiser_loss(denoiser: Denoiser, batch: Encoded, generator: torch.Generator) -> Tensor:
    """The loss of one part at random timesteps."""
    noised = add_noise(batch.latents, denoiser.scheduler, generator)
    seen = torch.cat([noised.latents, batch.hole, batch.masked], 1)  # (B, 9, h, w)
    seen = seen.contiguous(memory_format=torch.channels_last)
    with autocast(batch.hole.device):
        embeddings = denoiser.text_encoder(batch.tokens)[0]  # (B, 77, 128)
        predicted = denoiser.unet(seen, noised.timesteps, embeddings, return_dict=False)[0]
    return latents_loss(predicted, batch.latents, batch.hole)
