"""One training example: a picture, a hole in it, and what the hole holds, in words and in truth."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from training.scenes import holes, palette, shapes, words
from training.scenes.backdrops import draw_backdrop, draw_material, draw_pattern
from training.scenes.holes import Room
from training.scenes.textures import Grid
from training.scenes.types import Canvas, Colour, Coverage, Hole

TASKS: Final = ("object", "removal", "material", "pattern", "blank")
_TASK_SHARES: Final = (0.5, 0.17, 0.14, 0.14, 0.05)
# Shapes with tips and holes are harder, so they come more often.
_SHAPE_SHARES: Final = {
    "star": 2.0,
    "ring": 1.6,
    "cross": 1.4,
    "heart": 1.2,
    "diamond": 1.2,
    "triangle": 1.2,
}


@dataclass(frozen=True)
class Truth:
    """What the hole holds.

    Attributes:
        task: one of `TASKS`.
        colour: name of the thing's or first pattern colour, or "".
        shape: name of the thing's shape, or "".
        scene: name of the material or pattern that fills the hole, or "".
        second_colour: name of a pattern's other colour, or "".
    """

    task: str
    colour: str = ""
    shape: str = ""
    scene: str = ""
    second_colour: str = ""


@dataclass(frozen=True)
class Scene:
    """A finished picture and how to ask for what its hole holds.

    Attributes:
        image: (side, side, 3) uint8, the picture with the hole's true content.
        backdrop: (side, side, 3) uint8, the picture as it would be without that content.
        hole: (side, side), true where it is to be repainted, in whole blocks.
        caption: the words.
        truth: what they mean.
    """

    image: NDArray[np.uint8]
    backdrop: NDArray[np.uint8]
    hole: Hole
    caption: str
    truth: Truth


def draw_scene(seed: int, index: int, side: int = 256, task: str = "") -> Scene:
    """The scene number `index` of a seed, always the same; `task` ("" = any) is one of `TASKS`."""
    rng = np.random.default_rng([seed, index])
    chosen = task or str(rng.choice(TASKS, p=_TASK_SHARES))
    return _DRAW[chosen](side, rng)


def _finish(image: Canvas, backdrop: Canvas, hole: Hole, caption: str, truth: Truth) -> Scene:
    return Scene(_pixels(image), _pixels(backdrop), hole, caption, truth)


def _pixels(canvas: Canvas) -> NDArray[np.uint8]:
    return np.clip(np.rint(canvas), 0, 255).astype(np.uint8)


def _paint(canvas: Canvas, coverage: Coverage, colour: Colour) -> Canvas:
    return (canvas + coverage[..., None] * (colour - canvas)).astype(np.float32)


def _shape_name(rng: np.random.Generator) -> str:
    shares = np.array([_SHAPE_SHARES.get(name, 1.0) for name in shapes.NAMES])
    return str(rng.choice(shapes.NAMES, p=shares / shares.sum()))


def _surroundings(side: int, hole: Hole, rng: np.random.Generator) -> Canvas:
    """A backdrop with up to two bystanders clear of the hole."""
    canvas = draw_backdrop(Grid(side), rng)
    for _ in range(int(rng.choice(3, p=(0.55, 0.3, 0.15)))):
        extent = side * float(rng.uniform(0.06, 0.16))
        x, y = rng.uniform(extent, side - extent, 2)
        coverage = shapes.cover(_shape_name(rng), (side, side), (float(x), float(y)), extent)
        if not (coverage[hole] > 0).any():
            colour = palette.contrasting(rng, canvas.mean((0, 1)))
            canvas = _paint(canvas, coverage, palette.jittered(colour, rng))
    return canvas


def _thing(room: Room, side: int, rng: np.random.Generator) -> tuple[str, Coverage]:
    """A shape in the middle of the room, filling most of it."""
    name, extent = _shape_name(rng), room.extent * float(rng.uniform(0.85, 0.91))
    x, y = np.asarray(room.centre) + rng.uniform(-0.01, 0.01, 2) * room.extent
    return name, shapes.cover(name, (side, side), (float(x), float(y)), extent)


def _object(side: int, rng: np.random.Generator) -> Scene:
    kind = str(rng.choice(holes.KINDS[:3], p=(0.55, 0.25, 0.2)))
    return object_in(*holes.draw_hole(kind, side, rng), rng)


def object_in(hole: Hole, room: Room, rng: np.random.Generator) -> Scene:
    """A scene whose words ask for a thing in a hole, (side, side)."""
    side = len(hole)
    backdrop = _surroundings(side, hole, rng)
    shape, coverage = _thing(room, side, rng)
    colour = palette.contrasting(rng, *_seen_in(backdrop, hole))
    image = _paint(backdrop, coverage * hole, palette.jittered(colour, rng))
    caption = words.ask_for_object(colour, shape, rng)
    return _finish(image, backdrop, hole, caption, Truth("object", colour, shape))


def _seen_in(canvas: Canvas, hole: Hole) -> tuple[Colour, ...]:
    """The darkest, the mean and the lightest of what lies in the hole."""
    pixels = canvas[hole][::17]
    light = pixels.sum(1)
    return pixels[int(light.argmin())], pixels.mean(0), pixels[int(light.argmax())]


def _removal(side: int, rng: np.random.Generator) -> Scene:
    return removal_in(*holes.draw_hole(str(rng.choice(holes.KINDS)), side, rng), rng)


def removal_in(hole: Hole, room: Room, rng: np.random.Generator) -> Scene:
    """A scene whose words ask for a hole, (side, side), to be filled by what lies around."""
    side = len(hole)
    image = _surroundings(side, hole, rng)
    _, coverage = _thing(room, side, rng)
    colour = palette.contrasting(rng, *_seen_in(image, hole))
    before = _paint(image, coverage * hole, palette.jittered(colour, rng))
    return _finish(image, before, hole, words.ask_for_removal(rng), Truth("removal"))


def _material(side: int, rng: np.random.Generator) -> Scene:
    hole, _ = holes.draw_hole(str(rng.choice(holes.KINDS)), side, rng)
    backdrop = _surroundings(side, hole, rng)
    name, canvas = draw_material(Grid(side), rng)
    image = np.where(hole[..., None], canvas, backdrop)
    return _finish(
        image, backdrop, hole, words.ask_for_scene(name, rng), Truth("material", scene=name)
    )


def _pattern(side: int, rng: np.random.Generator) -> Scene:
    hole, _ = holes.draw_hole(str(rng.choice(holes.KINDS)), side, rng)
    return pattern_in(hole, rng)


def pattern_in(hole: Hole, rng: np.random.Generator) -> Scene:
    """A scene whose words ask for a pattern in a hole, (side, side)."""
    side = len(hole)
    backdrop = _surroundings(side, hole, rng)
    name, first, second, canvas = draw_pattern(Grid(side), rng)
    image = np.where(hole[..., None], canvas, backdrop)
    caption = words.ask_for_pattern(name, first, second, rng)
    return _finish(image, backdrop, hole, caption, Truth("pattern", first, "", name, second))


def _blank(side: int, rng: np.random.Generator) -> Scene:
    """A canvas that is all hole: a material, or a thing on one or on white."""
    hole, room = holes.everything(side)
    name, canvas = draw_material(Grid(side), rng)
    if rng.random() < 0.4:
        caption = words.ask_for_scene(name, rng)
        return _finish(canvas, canvas, hole, caption, Truth("blank", scene=name))
    on_white = rng.random() < 0.5
    backdrop = np.full_like(canvas, 240) if on_white else canvas
    shape, coverage = _thing(room, side, rng)
    colour = palette.contrasting(rng, *_seen_in(backdrop, hole))
    thing = words.ask_for_object(colour, shape, rng)
    image = _paint(backdrop, coverage, palette.jittered(colour, rng))
    caption = thing if on_white else words.on_top_of(thing, name, rng)
    return _finish(
        image, backdrop, hole, caption, Truth("blank", colour, shape, "" if on_white else name)
    )


_DRAW: Final = dict(zip(TASKS, (_object, _removal, _material, _pattern, _blank), strict=True))
