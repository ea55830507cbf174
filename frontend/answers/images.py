"""The answer in one piece."""

import asyncio
import base64
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import partial
from typing import Literal

from pydantic import BaseModel
from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from frontend.answers.person import Person
from frontend.editing.disconnect import unless_disconnected
from frontend.editing.events import EditEvent, Finished
from frontend.editing.usage import Usage
from frontend.forms.fields import EditFields
from frontend.pictures.edit import Background
from frontend.pictures.formats import PictureFormat
from frontend.results.store import Results


class Image(BaseModel):
    """One edited picture: `url` or `b64_json`, as `response_format` asks."""

    url: str | None = None
    b64_json: str | None = None


class Images(BaseModel):
    """The edited pictures, in the order of their seeds."""

    created: int
    data: list[Image]
    background: Background
    output_format: PictureFormat
    quality: Literal["low", "medium", "high"] | None = None
    size: str
    usage: Usage
    safety_identifier: Person = None


class ImagesResponse(Response):
    """The response that waits for the edit's end; a client that leaves ends it sooner."""

    media_type = "application/json"

    def __init__(
        self,
        events: AsyncGenerator[EditEvent, None],
        fields: EditFields,
        results: Results,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(headers=headers)
        self._images = partial(images_of, events, fields, results)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Carry the edit out and send its pictures.

        Raises:
            ClientDisconnect: the client left.
            ApiError: the edit failed.
        """
        images = await unless_disconnected(receive, self._images())
        self.body = to_json(images, exclude_none=True)
        self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


async def images_of(
    events: AsyncGenerator[EditEvent, None], fields: EditFields, results: Results
) -> Images:
    """Wait for the edit's end and return its pictures.

    Raises:
        ApiError: the edit failed, or a result could not be stored.
    """
    async with aclosing(events):
        finished = [event async for event in events if isinstance(event, Finished)]
    in_order = sorted(finished, key=lambda event: event.image_index)
    data = await asyncio.gather(*(_image(event.picture, fields, results) for event in in_order))
    return Images(
        created=int(time.time()),
        data=data,
        background=in_order[0].background,
        output_format=fields.encoding.format,
        quality=None if fields.answered_quality == "auto" else fields.answered_quality,
        size=fields.size,
        usage=finished[-1].usage,
        safety_identifier=fields.person or None,
    )


async def _image(picture: bytes, fields: EditFields, results: Results) -> Image:
    if fields.response_format == "b64_json":
        return Image(b64_json=base64.b64encode(picture).decode())
    return Image(url=await results.save(picture, fields.encoding.format))
