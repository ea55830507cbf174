"""The checks: each edits some held-out scenes and says what came of it."""

from collections import defaultdict
from collections.abc import Callable, Sequence

import numpy as np
import torch
from diffusers import AutoencoderTiny

from training.evaluate import removal
from training.evaluate.colours import Picture, changed, dominant_colour
from training.evaluate.report import Line, at_least, at_most, by_name
from training.evaluate.silhouettes import name_shape
from training.evaluate.textures import MaterialJudge, holds_material, holds_pattern, share
from training.scenes import Scene, draw_scene
from training.scenes.palette import NAMES, contrasting
from training.supply import to_model_range

Editor = Callable[[Sequence[Scene], Sequence[str] | None], list[Picture]]
"""Fills the holes of scenes, with their own captions or with other prompts."""

Check = Callable[[Editor, int, int], list[Line]]
"""Measures an editor on so many scenes of so many pixels a side."""

SEED = 9_000_001


def scenes_of(task: str, count: int, side: int) -> list[Scene]:
    """Held-out scenes of one task."""
    return [draw_scene(SEED, number, side, task) for number in range(count)]


def check_objects(edit: Editor, count: int, side: int) -> list[Line]:
    """Colours and shapes of things that words ask for."""
    scenes = scenes_of("object", count, side)
    edited = edit(scenes, None)
    colours, shapes, judged = [], defaultdict(list), []
    for scene, picture in zip(scenes, edited, strict=True):
        thing = changed(picture, scene.backdrop, scene.hole)
        colours.append(dominant_colour(picture[thing]) == scene.truth.colour)
        shapes[scene.truth.shape].append(name_shape(thing) == scene.truth.shape)
        truly = changed(scene.image, scene.backdrop, scene.hole)
        judged.append(name_shape(truly) == scene.truth.shape)
    right = [verdict for verdicts in shapes.values() for verdict in verdicts]
    weakest = min(shapes, key=lambda name: share(shapes[name]))
    return [
        at_least(f"prompted colour dominant ({count} edits)", share(colours), 0.95),
        at_least("shape judge on the true pictures", share(judged), 0.98),
        at_least("prompted shape recognised", share(right), 0.85),
        at_least(f"weakest shape ({weakest})", share(shapes[weakest]), 0.6),
        *by_name("shape", shapes),
    ]


def check_textures(edit: Editor, count: int, side: int) -> list[Line]:
    """Materials and patterns that words ask for."""
    judge, names, truly = MaterialJudge(SEED + 1, side), defaultdict(list), []
    for scenes, holds in (
        (scenes_of("material", count // 2, side), lambda p, s: holds_material(p, s, judge)),
        (scenes_of("pattern", count // 2, side), holds_pattern),
    ):
        for scene, picture in zip(scenes, edit(scenes, None), strict=True):
            names[scene.truth.scene].append(holds(picture, scene))
            truly.append(holds(scene.image, scene))
    right = [verdict for verdicts in names.values() for verdict in verdicts]
    return [
        at_least(f"scene words ({count} edits)", share(right), 0.9),
        at_least("texture judge on the true pictures", share(truly), 0.98),
        *by_name("scene", names),
    ]


def check_removal(edit: Editor, count: int, side: int) -> list[Line]:
    """Holes where what lies around shall go on."""
    scenes = scenes_of("removal", count, side)
    edited = edit(scenes, None)
    pairs = list(zip(edited, scenes, strict=True))
    ours = np.mean([removal.error(picture, scene) for picture, scene in pairs])
    telea = np.mean([removal.error(removal.telea(scene), scene) for scene in scenes])
    border = np.mean([removal.error(removal.border_mean(scene), scene) for scene in scenes])
    seam = np.mean([removal.border_gradient(picture, scene.hole) for picture, scene in pairs])
    true_seam = np.mean([removal.border_gradient(scene.image, scene.hole) for scene in scenes])
    return [
        Line(f"removal: mean error in levels ({count} edits)", f"{ours:.2f}"),
        at_most(f"removal against Telea ({telea:.2f})", float(ours / telea), 1.0),
        at_most(f"removal against the border's mean ({border:.2f})", float(ours / border), 0.7),
        at_most("seam: step across the hole's border", float(seam / true_seam), 3.0),
    ]


def check_prompts(edit: Editor, count: int, side: int) -> list[Line]:
    """The same hole and noise with another colour in the words."""
    scenes = scenes_of("object", count, side)
    rng = np.random.default_rng(SEED)
    prompts = []
    for scene in scenes:
        taken = [scene.backdrop[scene.hole].mean(0).astype(np.float32)]
        others = [np.asarray(c, np.float32) for c in (scene.image[scene.hole].max(0),)]
        colour = contrasting(rng, *taken, *others)
        colour = colour if colour != scene.truth.colour else NAMES[(NAMES.index(colour) + 3) % 12]
        prompts.append(f"a {colour} {scene.truth.shape}")
    first, second = edit(scenes, None), edit(scenes, prompts)
    different = [
        _thing_colour(one, scene) != _thing_colour(other, scene)
        for one, other, scene in zip(first, second, scenes, strict=True)
    ]
    return [at_least(f"another prompt, another colour ({count} edits)", share(different), 0.95)]


def _thing_colour(picture: Picture, scene: Scene) -> str:
    return dominant_colour(picture[changed(picture, scene.backdrop, scene.hole)])


@torch.no_grad()
def check_autoencoder(autoencoder: AutoencoderTiny, count: int, side: int) -> list[Line]:
    """Whole pictures there and back, in dB of peak signal to noise."""
    ratios = []
    for number in range(count):
        pixels = torch.from_numpy(draw_scene(SEED, number, side).image).permute(2, 0, 1)[None]
        picture = to_model_range(pixels)
        decoded = autoencoder.decode(autoencoder.encode(picture).latents).sample.clamp(-1, 1)
        ratios.append(-10 * torch.log10((decoded - picture).square().mean() / 4).item())
    mean = float(np.mean(ratios))
    return [Line(f"autoencoder ({count} pictures)", f"{mean:.1f} dB", ">= 30 dB", mean >= 30)]
