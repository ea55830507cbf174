"""`POST /v1/images/edits`."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request, Response

from frontend.access import EditingCaller, model_of
from frontend.answers.event_stream import EventStream
from frontend.answers.images import Images, ImagesResponse
from frontend.answers.messages import messages_of
from frontend.editing.seeds import seeds_of
from frontend.forms.edit_form import EditForm, read_form
from frontend.forms.multipart import read_parts
from frontend.idempotency.request import KeyedRequest
from frontend.idempotency.response import OnceResponse
from frontend.inference.models import EditModel
from frontend.keys.table import Key
from frontend.middleware.edit_usage import EDITS_PATH
from frontend.middleware.notes import RequestNotes, notes_of
from frontend.openapi.errors import EDIT, documented
from frontend.openapi.form import edit_form
from frontend.openapi.rate_headers import RATE_HEADERS
from frontend.openapi.stream import EVENT_STREAM
from frontend.services import Open, Services

router = APIRouter(tags=["images"])
SEEDS_HEADER: Final = "retouch-seeds"
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="Requests of an API key with the same value here are carried out once, and "
        "all get the first one's answer, for 24 hours.",
    ),
]
HEADERS: Final = {
    "idempotent-replayed": {
        "description": "`true` on the answer that an equal request got before.",
        "schema": {"const": "true"},
    },
    SEEDS_HEADER: {
        "description": "The seeds used, one for each picture, in the order of `data`.",
        "schema": {"type": "string", "pattern": r"^\d+(,\d+)*$"},
    },
}
ERRORS: Final = documented(*EDIT)


@router.post(
    EDITS_PATH,
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
    request: Request, services: Open, key: EditingCaller, idempotency_key: IdempotencyKey = None
) -> Response:
    """Edit an image with a prompt and a mask. The header `retouch-seeds` names the seeds used."""
    services.admission.check_open()  # before the body is read
    settings = services.settings
    parts = await read_parts(request, settings.max_body_bytes, settings.upload_timeout_seconds)
    form = read_form(parts)
    model = await model_of(key, services, form.fields.model)
    notes = notes_of(request.scope)
    notes.edit(model.id, form.fields)
    await services.blocks.check(form.fields)
    form.check_pictures(settings.max_side_pixels)
    carry_out = partial(_carry_out, services, key, form, model, notes)
    if idempotency_key is None:
        return await carry_out()
    keyed = KeyedRequest.of(key.id, idempotency_key, form)
    return OnceResponse(services.once, keyed, carry_out)


async def _carry_out(
    services: Services, key: Key, form: EditForm, model: EditModel, notes: RequestNotes
) -> Response:
    """Return the response that carries the edit out while it is sent."""
    await services.quotas.check_images(key, form.fields.n)
    seeds = seeds_of(form.fields.seed, form.fields.n)
    headers = {SEEDS_HEADER: ",".join(map(str, seeds))}
    accept = partial(services.quotas.take_images, key, form.fields.n, notes.headers)
    events = services.editor.events(form, model, seeds, key.id, accept)
    if form.fields.stream:
        messages = messages_of(events, form.fields)
        return EventStream(messages, services.settings.keep_alive_seconds, headers)
    return ImagesResponse(events, form.fields, services.results, headers)
