"""The published graphs against diffusers' own code on the same checkpoint."""

from typing import Any

import numpy as np
import pytest
import torch
from diffusers import DiffusionPipeline
from PIL import Image

from export.contracts import Role
from export.request import Precision
from retouch.prompts import PromptTokenizer
from tests.export.fixtures import Exporter
from tests.export.published import Array, Published, close

FAMILIES = ("sd1_inpainting", "sd1_plain", "sd1_lcm", "sd2_inpainting", "sdxl_inpainting")
EXACT = 1e-4  # of the largest value
PROMPTS = ["a cat in a red hat", ""]
pytestmark = pytest.mark.filterwarnings("ignore:.*:FutureWarning", "ignore:.*:DeprecationWarning")


@pytest.fixture(scope="session", params=FAMILIES)
def published(request: pytest.FixtureRequest, exported: Exporter) -> Published:
    return exported(request.param, Precision.FP32)


@pytest.fixture(scope="session")
def pipeline(published: Published) -> Any:
    return DiffusionPipeline.from_pretrained(published.checkpoint)


def _generator() -> np.random.Generator:
    return np.random.default_rng(0)


def _token_ids(published: Published) -> dict[str, Array]:
    """Both prompts' chunks for each text encoder, the negative one's first."""
    tokenizer = PromptTokenizer(published.folder(Role.TOKENIZER) / "1" / "tokenizer.json")
    tensors = [tensor.name for tensor in published.config(Role.TEXT_ENCODER).input]
    keys = ["pad_token_id", "pad_token_id_2"][: len(tensors)]
    pads = tuple(int(published.parameter(key, Role.TOKENIZER)) for key in keys)
    return dict(zip(tensors, tokenizer.encode(PROMPTS[1], PROMPTS[0], pads), strict=True))


def test_embeddings_equal_those_of_the_pipeline(published: Published, pipeline: Any) -> None:
    found = published.run(Role.TEXT_ENCODER, **_token_ids(published))
    parts = pipeline.encode_prompt(
        PROMPTS[0],
        negative_prompt=PROMPTS[1],
        device="cpu",
        num_images_per_prompt=1,
        do_classifier_free_guidance=True,
    )
    wanted = [part.detach().numpy() for part in parts]  # the prompt's, then the negative one's
    assert close(found[0], np.concatenate([wanted[1], wanted[0]]), EXACT)
    if published.parameter("added_conditioning") == "true":
        assert close(found[1], np.concatenate([wanted[3], wanted[2]]), EXACT)


def test_latents_equal_those_of_the_masked_picture(published: Published, pipeline: Any) -> None:
    image = _generator().integers(0, 256, (2, 64, 64, 3), dtype=np.uint8)
    mask = _generator().integers(0, 256, (2, 64, 64), dtype=np.uint8)
    found = published.run(Role.VAE_ENCODER, IMAGE=image, MASK=mask)[0]

    pictures = [Image.fromarray(picture) for picture in image]
    pixels = pipeline.image_processor.preprocess(pictures, height=64, width=64)
    kept = torch.from_numpy(mask / 255 < 0.5)[:, None]
    encoded = pipeline.vae.encode((pixels * kept).float())
    latents = encoded.latents if hasattr(encoded, "latents") else encoded.latent_dist.mode()
    wanted = (latents * pipeline.vae.config.scaling_factor).detach().numpy()
    assert close(found, wanted, EXACT)


def test_pixels_are_one_step_from_those_of_the_pipeline_at_most(
    published: Published, pipeline: Any
) -> None:
    latents = _generator().standard_normal((3, 4, 8, 8), dtype=np.float32)
    found = published.run(Role.VAE_DECODER, LATENTS=latents)[0]

    scaled = torch.from_numpy(latents) / pipeline.vae.config.scaling_factor
    decoded = pipeline.vae.decode(scaled).sample.detach()
    wanted = pipeline.image_processor.postprocess(decoded, output_type="pil")
    difference = found.astype(int) - np.stack([np.asarray(picture) for picture in wanted])
    assert found.dtype == np.uint8
    assert np.abs(difference).max() <= 1
    assert found.std() > 5  # the picture is not one colour


def test_rows_at_different_timesteps_equal_each_row_alone(
    published: Published, pipeline: Any
) -> None:
    config = pipeline.unet.config
    generator = _generator()
    inputs = {
        "LATENTS": generator.standard_normal((3, config.in_channels, 8, 8), dtype=np.float32),
        "TIMESTEP": np.array([[999], [500], [1]], np.float32),
        "EMBEDDINGS": generator.standard_normal(
            (3, 2 * 77, config.cross_attention_dim), dtype=np.float32
        ),
    }
    if published.parameter("added_conditioning") == "true":
        inputs["POOLED"] = generator.standard_normal((3, 32), dtype=np.float32)
        inputs["TIME_IDS"] = np.tile(np.array([64, 64, 0, 0, 64, 64], np.float32), (3, 1))
    found = published.run(Role.UNET, **inputs)[0]
    for row in range(3):
        assert close(found[row], _row(pipeline, inputs, row), EXACT)


@torch.no_grad()
def _row(pipeline: Any, inputs: dict[str, Array], row: int) -> Array:
    """One row's prediction by torch, as the pipeline asks for it."""
    tensors = {name: torch.from_numpy(array[row : row + 1]) for name, array in inputs.items()}
    added = None
    if "POOLED" in tensors:
        added = {"text_embeds": tensors["POOLED"], "time_ids": tensors["TIME_IDS"]}
    prediction = pipeline.unet(
        tensors["LATENTS"],
        tensors["TIMESTEP"][0, 0],
        encoder_hidden_states=tensors["EMBEDDINGS"],
        added_cond_kwargs=added,
    )
    array: Array = prediction.sample[0].numpy()
    return array


def test_a_graph_in_fp16_has_half_the_weights_and_the_same_edges(exported: Exporter) -> None:
    half, full = (exported("sd1_lcm", precision) for precision in (Precision.FP16, Precision.FP32))
    for role in (Role.TEXT_ENCODER, Role.UNET):
        sizes = [(at.folder(role) / "1" / "model.onnx").stat().st_size for at in (half, full)]
        assert sizes[0] < 0.75 * sizes[1]
        kinds = [
            [tensor.data_type for tensor in (*at.config(role).input, *at.config(role).output)]
            for at in (half, full)
        ]
        assert kinds[0] == kinds[1]
