"""Edits to quantise a network by: drawn pictures, holes in them, and words for all kinds of things.

The pictures are of the dead leaves model: discs of all sizes that hide each other, which has the
edges and the spectrum of photographs (https://doi.org/10.1023/A:1011109015675).
"""

import numpy as np

from retouch.denoise import Edit, PixelArray

PROMPTS = (
    "a photograph of a red apple on a wooden table",
    "",
    "a woman with long brown hair smiling at the camera, portrait, 85mm",
    "a blue circle",
    "an old stone house by a lake, oil on canvas",
    "a black dog running over a meadow, detailed, sharp focus",
    "empty street at night, neon signs, rain",
    "remove the person, plain background",
    "a wall of yellow bricks",
    "snowy mountains under a clear sky, wide angle",
    "a bowl of fruit, still life, soft light",
    "a green star on a striped cloth, drawing",
)
NEGATIVE_PROMPT = "blurry, low quality, deformed"
LEAVES = 400
SMALLEST, LARGEST = 0.01, 0.4  # radii as shares of a picture's side
GRAIN = 3  # standard deviation, of 255


def typical_edit(number: int, resolution: int, steps: int, guidance: float) -> Edit:
    """One of the edits, always the same.

    Args:
        number: Of the edit; each has another picture.
        resolution: The picture's side in pixels.
        steps: Denoising steps.
        guidance: The guidance scale.
    """
    generator = np.random.default_rng(number)
    return Edit(
        image=dead_leaves(resolution, generator),
        mask=_hole(resolution, generator),
        prompt=PROMPTS[number % len(PROMPTS)],
        negative_prompt=NEGATIVE_PROMPT if number % 2 else "",
        seeds=(number,),
        steps=steps,
        guidance=guidance,
        strength=1.0,
    )


def dead_leaves(side: int, generator: np.random.Generator) -> PixelArray:
    """A picture, (side, side, 3). Areas of discs fall with the cube of the radius."""
    y, x = np.mgrid[:side, :side] / side  # (side, side), in [0, 1)
    canvas = np.empty((side, side, 3), np.float32)
    canvas[:] = generator.integers(0, 256, 3)
    shares = generator.random(LEAVES)
    radii = 1 / np.sqrt(SMALLEST**-2 + shares * (LARGEST**-2 - SMALLEST**-2))
    for radius in radii:
        across, down = generator.random(2)
        canvas[(x - across) ** 2 + (y - down) ** 2 < radius**2] = generator.integers(0, 256, 3)
    grainy = canvas + generator.normal(0, GRAIN, canvas.shape)
    return np.clip(np.rint(grainy), 0, 255).astype(np.uint8)


def _hole(side: int, generator: np.random.Generator) -> PixelArray:
    """A rectangle of 255 in a mask of 0, (side, side)."""
    height, width = generator.integers(side // 4, 3 * side // 4, 2)
    top, left = generator.integers(0, (side - height, side - width))
    mask = np.zeros((side, side), np.uint8)
    mask[top : top + height, left : left + width] = 255
    return mask
