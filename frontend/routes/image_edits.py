"""`POST /v1/images/edits`."""

import asyncio
import base64
import time
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from frontend.access import Caller, model_of
from frontend.editing.disconnect import unless_disconnected
from frontend.editing.events import Finished
from frontend.editing.seeds import seeds_of
from frontend.forms.edit_form import EditForm, read_form
from frontend.forms.fields import EditFields
from frontend.forms.multipart import read_parts
from frontend.inference.models import EditModel
from frontend.middleware.request_context import note_edit
from frontend.services import Open, Services

router = APIRouter(tags=["images"])
SEEDS_HEADER: Final = "retouch-seeds"


class Image(BaseModel):
    """One edited picture: `url` or `b64_json`, as `response_format` asks."""

    url: str | None = None
    b64_json: str | None = None


class Images(BaseModel):
    """The edited pictures, in the order of their seeds."""

    created: int
    data: list[Image]


def _request_body() -> dict[str, Any]:
    """The form in OpenAPI's words; FastAPI must not read the body before the key is checked."""
    schema = EditFields.model_json_schema()
    png = {"type": "string", "format": "binary"}
    properties = {
        "image": png | {"description": "The image to edit: a square PNG, less than 4 MB."},
        "mask": png | {"description": "A PNG whose fully transparent areas are repainted."},
    }
    form = schema | {
        "properties": properties | schema["properties"],
        "required": ["image", *schema["required"]],
    }
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": form}}}}


@router.post("/v1/images/edits", response_model_exclude_none=True, openapi_extra=_request_body())
async def edit_image(request: Request, response: Response, services: Open, key: Caller) -> Images:
    """Edit an image with a prompt and a mask. The header `retouch-seeds` names the seeds used."""
    parts = await read_parts(request, services.settings.max_body_bytes)
    form = read_form(parts)
    model = await model_of(key, services, form.fields.model)
    note_edit(model.id, form.fields.n, form.fields.person)
    await services.blocks.check(form.fields)
    form.check_pictures(services.settings.max_side_pixels)
    seeds = seeds_of(form.fields.seed, form.fields.n)
    response.headers[SEEDS_HEADER] = ",".join(map(str, seeds))
    return await unless_disconnected(request.receive, _edit(services, form, model, seeds, key.id))


async def _edit(
    services: Services, form: EditForm, model: EditModel, seeds: tuple[int, ...], key_id: str
) -> Images:
    async with aclosing(services.editor.events(form, model, seeds, key_id)) as events:
        finished = [event async for event in events if isinstance(event, Finished)]
    pictures = [event.picture for event in sorted(finished, key=lambda event: event.image_index)]
    data = await _answers(services, form.fields, pictures)
    return Images(created=int(time.time()), data=data)


async def _answers(services: Services, fields: EditFields, files: Sequence[bytes]) -> list[Image]:
    if fields.response_format == "b64_json":
        return [Image(b64_json=base64.b64encode(file).decode()) for file in files]
    saving = (services.results.save(file, fields.encoding.format) for file in files)
    return [Image(url=url) for url in await asyncio.gather(*saving)]
