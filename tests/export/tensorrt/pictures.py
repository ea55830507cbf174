"""Edits of drawn scenes by a published checkpoint, with the UNet of another precision."""

from dataclasses import dataclass

import numpy as np

from export.calibration import denoise
from export.contracts import Role
from export.engines import load_engine
from export.request import Engine, Precision
from export.staged_encoders import StagedEncoders
from export.staged_models import StagedModels
from retouch.backends import engine as backends
from retouch.denoise import Edit, Model, PixelArray
from retouch.denoise.conditioning import condition
from retouch.denoise.live_image import LiveImage
from training.scenes import Scene

STEPS = 4
GUIDANCE = 1.5


@dataclass(frozen=True)
class PublishedModels(StagedModels):
    """Models that are published for ONNX Runtime in fp32."""

    def in_fp32(self, role: Role) -> backends.Engine:
        path = self.version_folder(role) / "model.onnx"
        return load_engine(Engine.ONNXRUNTIME, path, self.config(role), Precision.FP32)

    def paint(self, scene: Scene, unet: backends.Engine) -> PixelArray:
        """The window as the VAE gives it, (R, R, 3)."""
        model = Model.from_parameters(self.parameters(Role.PUBLIC))
        mask = np.where(scene.hole, 255, 0).astype(np.uint8)
        edit = Edit(scene.image, mask, scene.caption, "", (0,), STEPS, GUIDANCE, 1.0)
        image = LiveImage(edit, 0, model, condition(edit, model, StagedEncoders.in_fp32(self)))
        for _ in denoise(image, model, unet, ["PREDICTION"]):
            pass
        decoder = self.in_fp32(Role.VAE_DECODER)
        picture: PixelArray = decoder.run({"LATENTS": image.estimate[None]}, ["IMAGE"])["IMAGE"][0]
        return picture


def psnr_of_hole(found: PixelArray, wanted: PixelArray, scene: Scene) -> float:
    """Decibels, over what was painted."""
    difference = found[scene.hole].astype(np.float64) - wanted[scene.hole]
    return float(10 * np.log10(255**2 / max(np.square(difference).mean(), 1e-9)))
