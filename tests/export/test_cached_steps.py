"""Exports whose steps reuse features, against diffusers' UNet whose features are replaced."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel

from export.checkpoint import open_checkpoint
from export.contracts import ROLES, Role
from export.engines import load_engine
from export.errors import UnsupportedError
from export.exporter import export_checkpoint
from export.geometry import read_geometry
from export.request import Engine, ExportRequest, Precision
from export.samples import Samples, random_inputs
from tests.export.fixtures import Exporter
from tests.export.published import Array, Published, close
from training.reuse import Change, features_passing

EXPORTS = [
    ("sd1_inpainting", Engine.ONNXRUNTIME),
    ("sd1_inpainting", Engine.OPENVINO),
    ("sd2_inpainting", Engine.ONNXRUNTIME),
    ("sdxl_inpainting", Engine.OPENVINO),
    ("built_in", Engine.ONNXRUNTIME),
]
GRAPH_FILES = {Engine.ONNXRUNTIME: "model.onnx", Engine.OPENVINO: "model.xml"}
EXACT = 1e-4  # of the largest value
pytestmark = pytest.mark.filterwarnings("ignore:.*:FutureWarning", "ignore:.*:DeprecationWarning")


@pytest.mark.parametrize(("name", "engine"), EXPORTS)
def test_a_shallow_step_is_that_of_diffusers_on_the_features_of_an_earlier_step(
    name: str, engine: Engine, exported: Exporter
) -> None:
    published = exported(name, Precision.FP32, engine, cache_interval=2)
    unet = UNet2DConditionModel.from_pretrained(published.checkpoint / "unet")
    earlier, later = (samples_of(published, seed) for seed in (1, 2))
    kept: list[torch.Tensor] = []

    def keep(features: torch.Tensor) -> torch.Tensor:
        kept.append(features)
        return features

    wanted = [predicted(unet, earlier, keep), predicted(unet, later, lambda _: kept[0])]
    whole = run(published, engine, Role.UNET, earlier)
    shallow = run(published, engine, Role.UNET_SHALLOW, later | {"FEATURES": whole["FEATURES"]})
    assert close(whole["FEATURES"], kept[0].numpy(), EXACT)
    assert close(whole["PREDICTION"], wanted[0], EXACT)
    assert close(shallow["PREDICTION"], wanted[1], EXACT)
    assert not close(wanted[1], predicted(unet, later, keep), 1e-2)  # the features matter


def samples_of(published: Published, seed: int) -> Samples:
    """Three rows of a step."""
    geometry = read_geometry(open_checkpoint(str(published.checkpoint)), None)
    return random_inputs(published.config(Role.UNET), geometry, rows=3, seed=seed)


def run(published: Published, engine: Engine, role: Role, given: Samples) -> dict[str, Array]:
    """All outputs of a graph, from those of the given tensors that its config declares."""
    config = published.config(role)
    path = published.folder(role) / "1" / GRAPH_FILES[engine]
    inputs = {tensor.name: given[tensor.name] for tensor in config.input}
    names = [tensor.name for tensor in config.output]
    return load_engine(engine, path, config, Precision.FP32).run(inputs, names)


@torch.no_grad()
def predicted(unet: Any, samples: Samples, change: Change) -> Array:
    """The prediction by diffusers, with other features."""
    tensors = {name: torch.from_numpy(array) for name, array in samples.items()}
    added = None
    if "POOLED" in tensors:
        added = {"text_embeds": tensors["POOLED"], "time_ids": tensors["TIME_IDS"]}
    with features_passing(unet, change):
        outputs = unet(
            tensors["LATENTS"],
            tensors["TIMESTEP"][:, 0],
            encoder_hidden_states=tensors["EMBEDDINGS"],
            added_cond_kwargs=added,
        )
    array: Array = outputs.sample.numpy()
    return array


def test_the_shallow_model_is_published_and_the_loop_knows_of_it(exported: Exporter) -> None:
    published = exported("sd1_inpainting", Precision.FP32, cache_interval=2)
    assert published.parameter("cache_interval") == "2"
    assert {path.name for path in published.repository.iterdir()} == {
        role.model_name(published.model_id) for role in Role
    }
    sizes = [
        (published.folder(role) / "1" / "model.onnx").stat().st_size
        for role in (Role.UNET_SHALLOW, Role.UNET)
    ]
    assert sizes[0] < 0.5 * sizes[1]  # its own weights alone


def test_without_an_interval_there_is_neither_the_model_nor_the_features(
    exported: Exporter,
) -> None:
    published = exported("sd1_inpainting", Precision.FP32)
    assert published.parameter("cache_interval") == "1"
    assert {path.name for path in published.repository.iterdir()} == {
        role.model_name(published.model_id) for role in ROLES
    }
    outputs = [tensor.name for tensor in published.config(Role.UNET).output]
    assert outputs == ["PREDICTION"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"up_block_types": ["UpBlock2D", "AttnUpBlock2D"]}, "ends in AttnUpBlock2D"),
        ({"center_input_sample": True}, "a UNet with center_input_sample"),
    ],
)
def test_a_unet_of_which_the_shallow_step_would_be_another_is_refused(
    settings: dict[str, Any], message: str, sd1_inpainting: Path, tmp_path: Path
) -> None:
    checkpoint = Path(shutil.copytree(sd1_inpainting, tmp_path / "checkpoint"))
    file = checkpoint / "unet" / "config.json"
    changed = json.loads(file.read_text(encoding="utf-8")) | settings
    file.write_text(json.dumps(changed), encoding="utf-8")
    request = ExportRequest(str(checkpoint), "dog", tmp_path / "models", cache_interval=2)
    with pytest.raises(UnsupportedError, match=message):
        export_checkpoint(request)
