"""What edits look like whose UNet is in 8 bits."""

import numpy as np
import pytest

from export.contracts import BUILT_IN, Role
from export.engines import load_engine
from export.request import EIGHT_BITS, Engine, Precision
from tests.export.tensorrt.conftest import PlanExporter
from tests.export.tensorrt.pictures import PublishedModels, psnr_of_hole
from training.scenes import draw_scene

SEED = 7000  # not one of training's
LEAST_DB = {Precision.INT8: 28, Precision.FP8: 24}


@pytest.mark.parametrize("precision", EIGHT_BITS)
def test_edits_by_the_built_in_model_look_like_those_in_fp32(
    planned: PlanExporter, precision: Precision
) -> None:
    models = PublishedModels(BUILT_IN, "retouch-mini")
    published = planned("built_in", precision)
    plan = published.folder(Role.UNET) / "1" / "model.plan"
    quantised = load_engine(Engine.TENSORRT, plan, published.config(Role.UNET), precision)
    full = models.in_fp32(Role.UNET)
    found = [
        psnr_of_hole(models.paint(scene, quantised), models.paint(scene, full), scene)
        for scene in (draw_scene(SEED, index) for index in range(2))
    ]
    assert np.mean(found) > LEAST_DB[precision], found
