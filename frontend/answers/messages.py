"""The answer as events: those of OpenAI's API, and two of our own for those who ask for them."""

import base64
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any, Literal

from pydantic import BaseModel

from frontend.admission.state import Standing
from frontend.answers.person import Person
from frontend.editing.events import EditEvent, Finished, Preview
from frontend.editing.usage import Usage
from frontend.forms.fields import EditFields
from frontend.inference.models import Progress
from frontend.pictures.edit import Background
from frontend.pictures.formats import PictureFormat


class _Picture(BaseModel):
    b64_json: str
    created_at: int
    size: str
    quality: Literal["low", "medium", "high", "auto"]
    background: Background
    output_format: PictureFormat
    image_index: int
    safety_identifier: Person = None


class PartialImage(_Picture):
    """How a picture looks like becoming."""

    type: Literal["image_edit.partial_image"] = "image_edit.partial_image"
    partial_image_index: int


class Completed(_Picture):
    """A finished picture, and the usage of the edit until then."""

    type: Literal["image_edit.completed"] = "image_edit.completed"
    usage: Usage


class StepDone(BaseModel):
    """How far a picture is."""

    type: Literal["retouch.progress"] = "retouch.progress"
    image_index: int
    step: int
    steps: int


class Queued(BaseModel):
    """Where an edit stands that waits; `position` 1 is the next to start."""

    type: Literal["retouch.queued"] = "retouch.queued"
    position: int
    wait_seconds: float | None


EditMessage = PartialImage | Completed | StepDone | Queued


async def messages_of(
    events: AsyncGenerator[EditEvent, None], fields: EditFields
) -> AsyncGenerator[EditMessage, None]:
    """Put the events of an edit in the client's words; closing this closes `events`."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Preview | Finished):
                yield _picture(event, fields)
            elif fields.progress:
                yield _report(event)


def _report(event: Standing | Progress) -> StepDone | Queued:
    if isinstance(event, Progress):
        return StepDone(image_index=event.index, step=event.step, steps=event.steps)
    return Queued(position=event.edits_ahead + 1, wait_seconds=event.seconds)


def _picture(event: Preview | Finished, fields: EditFields) -> PartialImage | Completed:
    common: dict[str, Any] = {
        "b64_json": base64.b64encode(event.picture).decode(),
        "created_at": int(time.time()),
        "size": fields.size,
        "quality": fields.answered_quality,
        "background": event.background,
        "output_format": fields.encoding.format,
        "safety_identifier": fields.person or None,
        "image_index": event.image_index,
    }
    if isinstance(event, Finished):
        return Completed(usage=event.usage, **common)
    return PartialImage(partial_image_index=event.preview_index, **common)
