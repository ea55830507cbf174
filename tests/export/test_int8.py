"""The built-in checkpoint exported for OpenVINO in int8."""

from pathlib import Path

import numpy as np
import openvino as ov
import pytest

from export.calibration import denoise
from export.contracts import GRAPHS, Role
from export.engines import load_engine
from export.request import Engine, Precision
from export.staged_encoders import StagedEncoders
from export.staged_models import StagedModels
from export.typical_edits import typical_edit
from retouch.backends import engine as backends
from retouch.backends.openvino_compiled import has_bf16
from retouch.denoise import Edit, Model
from retouch.denoise.conditioning import condition
from retouch.denoise.live_image import LiveImage
from tests.export.fixtures import Exporter
from tests.export.published import Array, Published

UNSEEN = 20  # an edit that the export has not quantised by
STEPS, GUIDANCE = 4, 1.5  # those that the built-in model is served with
LEAST_PSNR = 28.0  # dB in the hole
WORK = ("Convolution", "FullyConnected")
KEPT = ("time_emb", "add_embedding", "/conv_in/", "/conv_out/")
EIGHT_BITS = {"i8", "u8"}


@pytest.fixture(scope="session")
def quantised(exported: Exporter) -> Published:
    return exported("built_in", Precision.INT8, Engine.OPENVINO)


@pytest.fixture(scope="session")
def full(exported: Exporter) -> Published:
    return exported("built_in", Precision.FP32, Engine.OPENVINO)


def graph(published: Published, role: Role) -> Path:
    return published.folder(role) / "1" / "model.xml"


def served_unet(published: Published) -> backends.Engine:
    config, path = published.config(Role.UNET), graph(published, Role.UNET)
    return load_engine(Engine.OPENVINO, path, config, Precision.INT8)


def test_what_is_not_quantised_is_in_bf16_and_the_text_encoder_in_fp32(
    quantised: Published,
) -> None:
    hints = {role: "HINT_BF16" in quantised.config(role).parameters for role in GRAPHS}
    assert hints == dict.fromkeys(GRAPHS, True) | {Role.TEXT_ENCODER: False}


def test_nothing_but_the_graph_and_its_weights_is_published(quantised: Published) -> None:
    for role in GRAPHS:
        assert {path.name for path in graph(quantised, role).parent.iterdir()} == {
            "model.xml",
            "model.bin",
        }


def test_the_unets_weights_take_a_quarter_of_their_bytes(
    quantised: Published, full: Published
) -> None:
    shares = {
        role: weights(quantised, role).stat().st_size / weights(full, role).stat().st_size
        for role in GRAPHS
    }
    assert shares.pop(Role.UNET) < 0.3
    assert set(shares.values()) == {1}


def weights(published: Published, role: Role) -> Path:
    return graph(published, role).with_suffix(".bin")


def test_convolutions_and_products_with_weights_run_in_8_bits_but_for_those_that_are_kept(
    quantised: Published,
) -> None:
    """As the compiled model tells it."""
    compiled = ov.Core().compile_model(graph(quantised, Role.UNET), "CPU")
    seen = set()
    for operation in compiled.get_runtime_model().get_ops():
        told = {key: value.astype(str) for key, value in operation.get_rt_info().items()}
        if told["layerType"] in WORK:
            kept = any(part in told["originalLayersNames"] for part in KEPT)
            assert (told["runtimePrecision"] in EIGHT_BITS) != kept, told["originalLayersNames"]
            seen.add((told["layerType"], kept))
    assert len(seen) == 4


@pytest.mark.skipif(not has_bf16(), reason="this CPU has no bfloat16")
def test_int8_tells_timesteps_apart_that_bf16_cannot_represent(
    quantised: Published, full: Published
) -> None:
    """To bf16, 999 and 1001 are 1000: their rows would be equal."""
    generator = np.random.default_rng(0)
    latents = np.repeat(generator.standard_normal((1, 9, 32, 32), np.float32), 3, axis=0)
    embeddings = np.repeat(generator.standard_normal((1, 77, 128), np.float32), 3, axis=0)
    timesteps = np.array([[997], [999], [1001]], np.float32)
    samples = {"LATENTS": latents, "TIMESTEP": timesteps, "EMBEDDINGS": embeddings}
    found, wanted = (
        served_unet(model).run(samples, ["PREDICTION"])["PREDICTION"] for model in (quantised, full)
    )
    for step, true_step in zip(np.diff(found, axis=0), np.diff(wanted, axis=0), strict=True):
        assert step.std() > 0.5 * true_step.std() > 0


def test_a_picture_that_was_not_seen_is_near_that_in_fp32(
    quantised: Published, full: Published
) -> None:
    edit = typical_edit(UNSEEN, 256, STEPS, GUIDANCE)
    found, wanted = (painted(model, edit)[edit.mask > 0] for model in (quantised, full))
    assert np.ptp(wanted) > 50, "a flat reference would prove nothing"
    assert 10 * np.log10(255**2 / np.square(found - wanted).mean()) > LEAST_PSNR


def painted(published: Published, edit: Edit) -> Array:
    """The window, (R, R, 3), with the encoders and the decoder in fp32."""
    models = StagedModels(published.repository, published.model_id)
    model = Model.from_parameters(models.parameters(Role.PUBLIC))
    image = LiveImage(edit, 0, model, condition(edit, model, StagedEncoders.in_fp32(models)))
    for _ in denoise(image, model, served_unet(published), ["PREDICTION"]):
        pass
    decoder = models.in_fp32(Role.VAE_DECODER)
    picture: Array = decoder.run({"LATENTS": image.estimate[None]}, ["IMAGE"])["IMAGE"][0]
    return picture.astype(float)
