"""Requests that must be refused, and how."""

from collections.abc import Callable, Mapping
from typing import Final

import httpx

from benchmarks.soak.visitor import PATH, Form, Visitor

_NO_PNG: Final = ("image.png", b"\x89PNG\r\n\x1a\n" + bytes(1000), "image/png")
_TOO_LARGE: Final = ("image.png", bytes(40_000_000), "image/png")

_FORMS: Final[Mapping[int, tuple[Callable[[Form], Form], ...]]] = {
    400: (
        lambda form: form.changed(prompt=None),
        lambda form: form.changed(n=11),
        lambda form: form.changed(size="1536x1024"),
        lambda form: form.changed(response_fmt="url"),
        lambda form: form.with_files(image=_NO_PNG),
        lambda form: form.with_files(mask=_NO_PNG),
    ),
    404: (lambda form: form.changed(model="nobody"),),
    413: (lambda form: form.with_files(image=_TOO_LARGE),),
}
_CHOICES: Final = [(status, change) for status, changes in _FORMS.items() for change in changes]


async def refused(visitor: Visitor) -> tuple[httpx.Response, int]:
    """Send one of them; its answer, and the status that it should have."""
    number = visitor.rng.integers(len(_CHOICES) + 2)
    if number == len(_CHOICES):
        return await visitor.post(visitor.form(), visitor.headers("sk-wrong")), 401
    if number == len(_CHOICES) + 1:
        return await visitor.http.get(PATH, headers=visitor.headers()), 405
    status, change = _CHOICES[number]
    return await visitor.post(change(visitor.form())), status
