"""`POST /v1/images/edits`."""

from functools import partial
from typing import Final

from fastapi import APIRouter, Request, Response

from frontend.access import EditingCaller, model_of
from frontend.answers.event_stream import EventStream
from frontend.answers.images import Images, images_of
from frontend.answers.messages import messages_of
from frontend.editing.disconnect import unless_disconnected
from frontend.editing.seeds import seeds_of
from frontend.forms.edit_form import read_form
from frontend.forms.multipart import read_parts
from frontend.middleware.notes import notes_of
from frontend.openapi.errors import EDIT, documented
from frontend.openapi.form import edit_form
from frontend.openapi.rate_headers import RATE_HEADERS
from frontend.openapi.stream import EVENT_STREAM
from frontend.services import Open

router = APIRouter(tags=["images"])
SEEDS_HEADER: Final = "retouch-seeds"
HEADERS: Final = {
    SEEDS_HEADER: {
        "description": "The seeds used, one for each picture, in the order of `data`.",
        "schema": {"type": "string", "pattern": r"^\d+(,\d+)*$"},
    }
}
ERRORS: Final = documented(*EDIT)


@router.post(
    "/v1/images/edits",
    response_model=Images,
    response_model_exclude_none=True,
    responses=ERRORS
    | {
        200: {"headers": HEADERS | RATE_HEADERS, "content": EVENT_STREAM},
        429: ERRORS[429] | {"headers": RATE_HEADERS},
    },
    openapi_extra=edit_form(),
)
async def edit_image(
    request: Request, response: Response, services: Open, key: EditingCaller
) -> Images | EventStream:
    """Edit an image with a prompt and a mask. The header `retouch-seeds` names the seeds used."""
    services.admission.check_open()  # before the body is read
    parts = await read_parts(request, services.settings.max_body_bytes)
    form = read_form(parts)
    model = await model_of(key, services, form.fields.model)
    notes = notes_of(request.scope)
    notes.edit(model.id, form.fields)
    await services.blocks.check(form.fields)
    await services.quotas.check_images(key, form.fields.n)
    form.check_pictures(services.settings.max_side_pixels)
    seeds = seeds_of(form.fields.seed, form.fields.n)
    response.headers[SEEDS_HEADER] = ",".join(map(str, seeds))
    accept = partial(services.quotas.take_images, key, form.fields.n, notes.headers)
    events = services.editor.events(form, model, seeds, key.id, accept)
    if form.fields.stream:
        messages = messages_of(events, form.fields)
        return EventStream(messages, services.settings.keep_alive_seconds, response.headers)
    answer = images_of(events, form.fields, services.results)
    return await unless_disconnected(request.receive, answer)
