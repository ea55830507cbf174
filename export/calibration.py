"""What a UNet is given in edits, by which it is quantised: the product's own loop makes it."""

from collections.abc import Iterator

import numpy as np

from export.contracts import Role
from export.numbers_check import Expectation
from export.staged_encoders import StagedEncoders
from export.staged_models import StagedModels
from export.typical_edits import typical_edit
from retouch.backends.engine import Engine
from retouch.denoise import Model, UNetOutputs
from retouch.denoise.conditioning import condition
from retouch.denoise.live_image import LiveImage
from retouch.denoise.rows import Batch

STEPS = 8  # they span the timesteps like the many of an edit
EDITS = range(8)
HELD_OUT = range(8, 9)


def unet_calls(models: StagedModels, edits: range) -> list[Expectation]:
    """All steps of typical edits: the UNet's inputs, of one row or two, and its outputs in fp32.

    Args:
        models: All but the VAE decoder must be written.
        edits: Numbers of the edits.
    """
    parameters = models.parameters(Role.PUBLIC)
    model, guidance = Model.from_parameters(parameters), parameters.number("guidance")
    encoders, unet = StagedEncoders.in_fp32(models), models.in_fp32(Role.UNET)
    names = [tensor.name for tensor in models.config(Role.UNET).output]
    calls: list[Expectation] = []
    for number in edits:
        edit = typical_edit(number, model.resolution, STEPS, guidance)
        image = LiveImage(edit, 0, model, condition(edit, model, encoders))
        calls += denoise(image, model, unet, names)
    return calls


def denoise(
    image: LiveImage, model: Model, unet: Engine, names: list[str]
) -> Iterator[Expectation]:
    """The UNet's inputs and its named outputs in each step, until the image is finished."""
    while not image.is_finished:
        rows = Batch([image], model.resolution).rows()._asdict()
        inputs = {name.upper(): np.array(a) for name, a in rows.items() if a is not None}
        outputs = unet.run(inputs, names)
        yield Expectation(inputs, [outputs[name] for name in names])
        image.advance(UNetOutputs(outputs["PREDICTION"]))  # a whole step at every one
