"""Checkpoints exported for OpenVINO."""

import re
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.checkpoint import Family, open_checkpoint
from export.contracts import GRAPHS, Role
from export.engine_config import for_engine
from export.engines import load_engine
from export.errors import ContractError
from export.exporter import export_checkpoint
from export.geometry import read_geometry
from export.halves_config import compute_in_halves
from export.request import Engine, ExportRequest, Precision
from export.samples import Samples
from retouch.backends.openvino_compiled import has_bf16
from retouch.backends.openvino_halves import PARAMETER
from tests.export.fixtures import Exporter
from tests.export.published import Array, Published

UNET_CONFIG = """
    name: "built-in-bf16-openvino.unet"
    backend: "openvino"
    default_model_filename: "model.xml"
    input { name: "LATENTS" data_type: TYPE_FP32 dims: [ -1, 9, 32, 32 ] }
    input { name: "TIMESTEP" data_type: TYPE_FP32 dims: [ -1, 1 ] }
    input { name: "EMBEDDINGS" data_type: TYPE_FP32 dims: [ -1, -1, 128 ] }
    output { name: "PREDICTION" data_type: TYPE_FP32 dims: [ -1, 4, 32, 32 ] }
    parameters { key: "HINT_BF16" value { string_value: "YES" } }
    parameters { key: "INFERENCE_NUM_THREADS" value { string_value: "0" } }
    parameters { key: "NUM_STREAMS" value { string_value: "1" } }
    parameters {
      key: "CALLS_IN_HALVES"
      value { string_value: "{\\"rows\\": 1, \\"EMBEDDINGS\\": [77, 128]}" }
    }
    instance_group { kind: KIND_CPU count: 1 }
"""


@pytest.fixture(scope="session")
def trained(exported: Exporter) -> Published:
    """The built-in checkpoint in bf16."""
    return exported("built_in", Precision.BF16, Engine.OPENVINO)


def test_the_config_is_as_the_native_backend_takes_it(trained: Published) -> None:
    assert trained.config(Role.UNET) == text_format.Parse(UNET_CONFIG, ModelConfig())


def test_the_unets_calls_alone_are_halved(trained: Published) -> None:
    halved = [role for role in GRAPHS if PARAMETER in trained.config(role).parameters]
    assert halved == [Role.UNET]


def test_a_unet_of_the_size_of_sdxl_is_left_whole(trained: Published) -> None:
    geometry = read_geometry(open_checkpoint(str(trained.checkpoint)), resolution=None)
    config = ModelConfig()
    compute_in_halves(config, Family.SDXL, geometry)
    assert config == ModelConfig()


def test_what_is_computed_for_one_row_is_fixed_to_it_and_asked_for_no_more(
    trained: Published,
) -> None:
    first = {role: trained.config(role).input[0].dims[0] for role in GRAPHS}
    assert first == dict.fromkeys(GRAPHS, -1) | {Role.VAE_ENCODER: 1, Role.VAE_DECODER: 1}
    graph = ov.Core().read_model(trained.folder(Role.VAE_DECODER) / "1" / "model.xml")
    assert graph.input("LATENTS").partial_shape.to_shape() == ov.Shape([1, 4, 32, 32])
    assert trained.config(Role.PUBLIC).parameters["decoder_rows"].string_value == "1"


def test_the_text_encoder_stays_in_fp32(trained: Published) -> None:
    hints = {role: "HINT_BF16" in trained.config(role).parameters for role in GRAPHS}
    assert hints == dict.fromkeys(GRAPHS, True) | {Role.TEXT_ENCODER: False}


def test_nothing_but_the_graph_and_its_weights_is_published(trained: Published) -> None:
    for role in GRAPHS:
        files = {path.name for path in (trained.folder(role) / "1").iterdir()}
        assert files == {"model.xml", "model.bin"}


def test_every_tensor_has_its_declared_name_alone(trained: Published) -> None:
    """The native backend looks at any one of a tensor's names."""
    for role in GRAPHS:
        graph = ov.Core().read_model(trained.folder(role) / "1" / "model.xml")
        config = trained.config(role)
        names = [tensor.names for tensor in (*graph.inputs, *graph.outputs)]
        declared = [{tensor.name} for tensor in (*config.input, *config.output)]
        assert sorted(map(sorted, names)) == sorted(map(sorted, declared))


def unet_in(trained: Published, precision: Precision, samples: Samples) -> Array:
    """What the UNet computes in a precision."""
    config = for_engine(trained.config(Role.UNET), Engine.ONNXRUNTIME, precision)
    if precision is Precision.FP32:
        del config.parameters["HINT_BF16"]
    path = trained.folder(Role.UNET) / "1" / "model.xml"
    engine = load_engine(Engine.OPENVINO, path, config, precision)
    return engine.run(samples, ["PREDICTION"])["PREDICTION"]


@pytest.mark.skipif(not has_bf16(), reason="this CPU has no bfloat16")
def test_bf16_tells_timesteps_apart_that_it_cannot_represent(trained: Published) -> None:
    """To bf16, 999 and 1001 are 1000."""
    generator = np.random.default_rng(0)
    latents = np.repeat(generator.standard_normal((1, 9, 32, 32), np.float32), 3, axis=0)
    embeddings = np.repeat(generator.standard_normal((1, 77, 128), np.float32), 3, axis=0)
    timesteps = np.array([[997], [999], [1001]], np.float32)
    samples = {"LATENTS": latents, "TIMESTEP": timesteps, "EMBEDDINGS": embeddings}
    half, full = (unet_in(trained, p, samples) for p in (Precision.BF16, Precision.FP32))
    for found, wanted in zip(np.diff(half, axis=0), np.diff(full, axis=0), strict=True):
        assert found.std() > 0.5 * wanted.std() > 0


@pytest.mark.skipif(not has_bf16(), reason="this CPU has no bfloat16")
def test_a_network_that_magnifies_rounding_is_refused_in_bf16(
    sd1_inpainting: Path, tmp_path: Path
) -> None:
    """As a random one does."""
    request = ExportRequest(
        str(sd1_inpainting), "dog", tmp_path / "models", Precision.BF16, Engine.OPENVINO
    )
    with pytest.raises(ContractError) as caught:
        export_checkpoint(request)
    message = re.compile(r"dog\.unet: output PREDICTION for [13] rows in bf16 is up to .*")
    assert all(message.match(problem) for problem in caught.value.problems)
    assert list(tmp_path.iterdir()) == []
