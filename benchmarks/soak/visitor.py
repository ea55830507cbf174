"""Who sends the load: keys, ready-made forms, and what became of each exchange."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

import httpx
import numpy as np

from tests.e2e.edits import random_edit

PATH = "/v1/images/edits"
MODEL = "retouch-mini"
SIDES = (256, 512, 1024)
SIDE_SHARES = (0.7, 0.2, 0.1)
COUNTS = (1, 2, 4, 10)
COUNT_SHARES = (0.6, 0.25, 0.1, 0.05)
PICTURES_OF_A_SIDE = 4
PROMPTS = 40  # the loop's cache has room for all, so that it is full after the warm-up


@dataclass(frozen=True)
class Form:
    """A request for an edit, whose parts may be replaced."""

    fields: dict[str, str]
    files: dict[str, Any]

    def changed(self, **fields: object) -> Self:
        """The same with other fields; those that are None are left out."""
        merged = self.fields | {name: str(value) for name, value in fields.items()}
        kept = {name: text for name, text in merged.items() if fields.get(name, "") is not None}
        return replace(self, fields=kept)

    def with_files(self, **files: tuple[str, bytes, str]) -> Self:
        """The same with other files."""
        return replace(self, files=self.files | files)

    def request(self) -> dict[str, Any]:
        """Arguments of httpx."""
        return {"data": self.fields, "files": self.files}


@dataclass(frozen=True)
class Keys:
    """API keys: those with the usual limits, and one with tight ones."""

    usual: Sequence[str]
    tight: str


@dataclass
class Visitor:
    """Makes random choices, and sends what they come to."""

    http: httpx.AsyncClient
    keys: Keys
    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(60))

    @cached_property
    def _forms(self) -> dict[int, list[Form]]:
        forms: dict[int, list[Form]] = {side: [] for side in SIDES}
        for side in SIDES * PICTURES_OF_A_SIDE:
            edit = random_edit(self.rng, MODEL, side)
            forms[side].append(Form(edit.fields, edit.files()))
        return forms

    def form(self, **fields: object) -> Form:
        """An edit of random size, number of images, steps and seed."""
        side = int(self.rng.choice(SIDES, p=SIDE_SHARES))
        chosen = {
            "n": self.rng.choice(COUNTS, p=COUNT_SHARES),
            "num_inference_steps": self.rng.integers(2, 9),
            "seed": self.rng.integers(2**40),
            "prompt": f"a red circle {self.rng.integers(PROMPTS)}",
        }
        form = self._forms[side][self.rng.integers(PICTURES_OF_A_SIDE)]
        return form.changed(**chosen | fields)

    def headers(self, key: str | None = None, **more: str) -> dict[str, str]:
        """Those of one of the usual keys, unless another is named."""
        chosen = key if key is not None else str(self.rng.choice(list(self.keys.usual)))
        return {"Authorization": f"Bearer {chosen}", **more}

    async def post(self, form: Form, headers: dict[str, str] | None = None) -> httpx.Response:
        """Ask for an edit."""
        asked_by = self.headers() if headers is None else headers
        return await self.http.post(PATH, **form.request(), headers=asked_by)

    async def pause(self, most_seconds: float) -> None:
        """A random while."""
        await asyncio.sleep(self.rng.uniform(0, most_seconds))
