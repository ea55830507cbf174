"""One edit from its checked form to the finished PNG files."""

import asyncio
from contextlib import aclosing

from frontend.admission.admission import Admission
from frontend.admission.demand import Demand
from frontend.admission.place import Place
from frontend.errors.request import ModelNotFoundError
from frontend.errors.service import ModelFailedError
from frontend.forms.edit_form import EditForm
from frontend.forms.fields import EditFields
from frontend.inference.models import EditModel, EditModels, WindowEdit
from frontend.pictures.decode import Pixels, decode
from frontend.pictures.edit import EditPixels
from frontend.pictures.encode import encode
from frontend.pictures.mask import repainted_by, repainted_in
from frontend.pictures.workers import PictureWorkers


class Editor:
    """Carries out edits: pixels in worker threads, models behind their seam."""

    def __init__(self, models: EditModels, workers: PictureWorkers, admission: Admission) -> None:
        self._models = models
        self._workers = workers
        self._admission = admission

    async def model(self, model_id: str) -> EditModel:
        """Return a served model.

        Raises:
            ModelNotFoundError: no such model is served.
            UnavailableError: the models cannot be reached.
        """
        models = await self._models.catalogue()
        if model_id not in models:
            raise ModelNotFoundError(model_id)
        return models[model_id]

    async def edit(
        self, form: EditForm, model: EditModel, seeds: tuple[int, ...], key_id: str
    ) -> list[bytes]:
        """Return one PNG per seed, in their order; cancelling this cancels the model's work.

        Raises:
            PictureError: a picture cannot be decoded, or there is nothing to repaint.
            OverloadedError: too many edits are waiting, or this one has for too long.
            DrainingError: the server is about to stop.
            UnavailableError: the models cannot be reached.
            ModelFailedError: the model failed.
        """
        with self._admission.join(model, Demand.of(key_id, form.fields, model)) as place:
            pixels = await self._workers.run(_prepare, form, model)
            window = _window_edit(pixels, form.fields, seeds)
            async for _ in place.waiting():
                pass
            finishing: dict[int, asyncio.Task[bytes]] = {}
            try:
                await self._paint(pixels, model, window, finishing, place)
                return await asyncio.gather(*(finishing[index] for index in sorted(finishing)))
            finally:
                for task in finishing.values():
                    task.cancel()

    async def _paint(
        self,
        pixels: EditPixels,
        model: EditModel,
        window: WindowEdit,
        finishing: dict[int, asyncio.Task[bytes]],
        place: Place,
    ) -> None:
        """Let the model paint, and begin to finish each picture while it paints the others."""
        async with aclosing(self._models.edit(model, window, place.seconds_left)) as painted:
            async for image in painted:
                place.finish_image()
                work = self._workers.run(_finish, pixels, image.image)
                finishing[image.index] = asyncio.create_task(work)
        if sorted(finishing) != list(range(len(window.seeds))):
            raise ModelFailedError


def _prepare(form: EditForm, model: EditModel) -> EditPixels:
    # The mask first: of it only one byte a pixel is kept while the image is decoded.
    mask = None if form.mask is None else repainted_by(decode(bytes(form.mask.data), "mask"))
    image = decode(bytes(form.image.data), "image")
    return EditPixels.prepare(
        image.pixels,
        repainted_in(image) if mask is None else mask,
        side=form.fields.side_pixels,
        resolution=model.resolution,
        latent_factor=model.latent_factor,
    )


def _finish(pixels: EditPixels, painted: Pixels) -> bytes:
    return encode(pixels.composite(painted))


def _window_edit(pixels: EditPixels, fields: EditFields, seeds: tuple[int, ...]) -> WindowEdit:
    return WindowEdit(
        image=pixels.model_image,
        mask=pixels.model_mask,
        prompt=fields.prompt,
        seeds=seeds,
        negative_prompt=fields.negative_prompt,
        steps=fields.num_inference_steps,
        guidance=fields.guidance_scale,
        strength=fields.strength,
    )
