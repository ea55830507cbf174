"""One edit from its checked form to the finished files."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from functools import partial

from opentelemetry.trace import SpanKind

from frontend.admission.admission import Admission
from frontend.admission.demand import Demand
from frontend.admission.place import Place
from frontend.admission.state import Standing
from frontend.editing.eager import eagerly
from frontend.editing.events import EditEvent
from frontend.editing.finishing import Finishing
from frontend.editing.usage import Usage
from frontend.forms.edit_form import EditForm
from frontend.forms.fields import EditFields
from frontend.forms.quality import steps_of
from frontend.inference.models import (
    Answer,
    Denoised,
    EditModel,
    EditModels,
    Estimate,
    PaintedWindow,
    WindowEdit,
)
from frontend.pictures.canvas import canvas_of
from frontend.pictures.decode import decode
from frontend.pictures.edit import EditPixels
from frontend.pictures.mask import repainted_by, repainted_in
from frontend.pictures.workers import PictureWorkers
from frontend.telemetry.metrics import CANCELLED
from frontend.telemetry.spans import span
from frontend.telemetry.stages import Stage, timed

Accept = Callable[[], Awaitable[None]]


class Editor:
    """Carries out edits: pixels in worker threads, models behind their seam."""

    def __init__(self, models: EditModels, workers: PictureWorkers, admission: Admission) -> None:
        self._models = models
        self._workers = workers
        self._admission = admission

    async def events(
        self,
        form: EditForm,
        model: EditModel,
        seeds: tuple[int, ...],
        key_id: str,
        accept: Accept,
    ) -> AsyncGenerator[EditEvent, None]:
        """Carry out an edit, yielding what happens and one `Finished` per seed in any order.

        The model keeps its own pace, however slowly this is consumed. Closing or cancelling this
        cancels the model's work.

        Args:
            form: what the client asks for.
            model: by which model.
            seeds: one per picture.
            key_id: on whose behalf.
            accept: called once nothing is left that would refuse the edit; may refuse it itself.

        Raises:
            PictureError: a picture cannot be decoded, or there is nothing to repaint.
            OverloadedError: too many edits are waiting, or this one has for too long.
            DrainingError: the server is about to stop.
            UnavailableError: the models cannot be reached.
            ModelFailedError: the model failed.
        """
        with self._admission.join(model, Demand.of(key_id, form.fields, model)) as place:
            pixels, text_tokens = await asyncio.gather(
                self._workers.run(_prepare, form, model), self._text_tokens(form.fields, model)
            )
            await accept()
            news = self._news(place, model, _window_edit(pixels, form.fields, model, seeds))
            count = partial(Usage.of, text_tokens, model.latent_pixels)
            finishing = Finishing(pixels, form.fields.encoding, count, self._workers)
            async with aclosing(eagerly(news, finishing.event, _is_dispensable)) as events:
                try:
                    async for event in events:
                        yield event
                except (asyncio.CancelledError, GeneratorExit):
                    CANCELLED.labels(model.id).inc()
                    raise

    async def _text_tokens(self, fields: EditFields, model: EditModel) -> int:
        return await self._models.text_tokens(model, fields.prompt, fields.negative_prompt or "")

    async def _news(
        self, place: Place, model: EditModel, window: WindowEdit
    ) -> AsyncGenerator[Standing | Answer, None]:
        """Wait for the edit's turn, then let the model paint."""
        with span("queue"):
            async with aclosing(place.waiting()) as standings:
                async for standing in standings:
                    yield standing
        with timed(Stage.DENOISE, SpanKind.CLIENT) as denoising:
            async with aclosing(self._models.edit(model, window, place.seconds_left)) as answers:
                async for answer in answers:
                    if isinstance(answer, Denoised):
                        place.finish_image()
                    if isinstance(answer, PaintedWindow):
                        denoising.add_event(type(answer).__name__, {"index": answer.index})
                    yield answer


def _is_dispensable(news: Standing | Answer) -> bool:
    return isinstance(news, Estimate)


def _prepare(form: EditForm, model: EditModel) -> EditPixels:
    with timed(Stage.DECODE):
        return _edit_pixels(form, model)


def _edit_pixels(form: EditForm, model: EditModel) -> EditPixels:
    # The mask first: of it only one byte a pixel is kept while the image is decoded.
    mask = None if form.mask is None else repainted_by(decode(bytes(form.mask.data), "mask"))
    image = decode(bytes(form.image.data), "image")
    return EditPixels.prepare(
        canvas_of(image.image, form.fields.side_pixels),
        repainted_in(image) if mask is None else mask,
        resolution=model.resolution,
        latent_factor=model.latent_factor,
    )


def _window_edit(
    pixels: EditPixels, fields: EditFields, model: EditModel, seeds: tuple[int, ...]
) -> WindowEdit:
    return WindowEdit(
        image=pixels.model_image,
        mask=pixels.model_mask,
        prompt=fields.prompt,
        seeds=seeds,
        negative_prompt=fields.negative_prompt,
        steps=steps_of(fields, model.steps),
        guidance=fields.guidance_scale,
        strength=fields.strength,
        previews=fields.partial_images,
        progress=fields.progress,
    )
