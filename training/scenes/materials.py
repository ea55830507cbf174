"""Sky, grass, sand, water, bricks and wood: drawn so that a person, and a statistic, knows them.

Noise is kept low and smooth, because an autoencoder cannot keep what it cannot predict.
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from training.scenes.textures import BRICK, MORTAR, Grid, Plane, blend, gradient, noise, shade
from training.scenes.types import Canvas, Colour


def _rgb(red: float, green: float, blue: float) -> Colour:
    return np.array([red, green, blue], np.float32)


def blue_sky(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Blue above, paler below, with a few soft clouds."""
    clear = gradient(grid, _rgb(60, 130, 225), _rgb(150, 200, 245), np.pi / 2)
    side = grid.side
    clouds = noise(rng, side, (side // 24, side // 48)) + 0.4 * noise(rng, side, (side // 12,) * 2)
    amount = np.clip(clouds * 1.6 - 0.8, 0, 0.8)[..., None]
    return np.asarray(clear + amount * (_rgb(250, 250, 252) - clear), np.float32)


def sunset_sky(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Purple above, orange below."""
    warm = gradient(grid, _rgb(110, 60, 140), _rgb(250, 160, 60), np.pi / 2)
    return warm + 6 * noise(rng, grid.side, (grid.side // 16, 3))[..., None]


def night_sky(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Nearly black blue with pale stars of two or three pixels."""
    dark = gradient(grid, _rgb(12, 14, 45), _rgb(35, 40, 90), np.pi / 2)
    for x, y in rng.integers(2, grid.side - 2, (grid.side * grid.side // 1600, 2)):
        dark[y - 1 : y + 2, x - 1 : x + 2] += 70
        dark[y, x] += 110
    return dark


def grass(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Green with rows of upright blades, lighter and darker."""
    x, y = grid.axes()
    sway = 2 * noise(rng, grid.side, (grid.side // 64,) * 2)
    blades = 15 * _wave(x + sway, 16) * (0.65 + 0.35 * _wave(y, 32))
    return shade(_rgb(70, 150, 50), blades + 5 * noise(rng, grid.side, (grid.side // 32,) * 2))


def sand(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Tan with faint lying ripples."""
    x, y = grid.axes()
    bend = 3 * _wave(x, 128) + 2 * noise(rng, grid.side, (grid.side // 64,) * 2)
    grains = 2 * noise(rng, grid.side, (grid.side // 6,) * 2)
    return shade(_rgb(222, 196, 145), 9 * _wave(y + bend, 32) + grains)


def water(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Teal with lying wavelets."""
    x, y = grid.axes()
    bend = 5 * _wave(x, 64) + 2 * noise(rng, grid.side, (grid.side // 64,) * 2)
    waves = 0.26 * _wave(y + bend, 16) + 0.12 * noise(rng, grid.side, (grid.side // 32,) * 2)
    return blend(_rgb(20, 100, 150), _rgb(110, 195, 215), 0.4 + waves)


def bricks(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Red-brown bricks in running bond with pale mortar."""
    x, y = grid.axes()
    height, width = BRICK
    row = np.floor(y / height)
    shifted = x + (row % 2) * (width / 2)
    to_joint = np.minimum(
        np.minimum(y % height, height - y % height),
        np.minimum(shifted % width, width - shifted % width),
    )
    tone = rng.uniform(-14, 14, (64, 64)).astype(np.float32)
    brick = shade(
        _rgb(165, 75, 55), tone[row.astype(int) % 64, np.floor(shifted / width).astype(int) % 64]
    )
    mortar = np.clip(MORTAR / 2 + 0.5 - to_joint, 0, 1)[..., None]
    return np.asarray(brick + mortar * (_rgb(205, 195, 180) - brick), np.float32)


def wood(grid: Grid, rng: np.random.Generator) -> Canvas:
    """Brown planks, 64 pixels high, with grain along them and a dark joint between."""
    x, y = grid.axes()
    side = grid.side
    bend = 2 * _wave(x, 128) + 2 * noise(rng, side, (side // 64, 3))
    grain = 14 * _wave(y + bend, 16) + 3 * noise(rng, side, (side // 4, 4))
    joint = np.clip(3.5 - np.minimum(y % 64, 64 - y % 64), 0, 1) * np.ones_like(x)
    return shade(_rgb(160, 110, 65), grain) * (1 - 0.6 * joint)[..., None]


def _wave(position: Plane, period: float) -> Plane:
    """-1..1, beginning at the picture's edge, so that it can be foretold from the place alone."""
    return np.asarray(np.sin(position * np.float32(2 * np.pi / period)), np.float32)


MATERIALS: Final[dict[str, Callable[[Grid, np.random.Generator], Canvas]]] = {
    "blue sky": blue_sky,
    "sunset sky": sunset_sky,
    "night sky": night_sky,
    "grass": grass,
    "sand": sand,
    "water": water,
    "brick wall": bricks,
    "wood": wood,
}
