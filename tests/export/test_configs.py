"""What the published configs say about a checkpoint."""

import json

import pytest
from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from export.checkpoint import Family
from export.contracts import ROLES, Role, read_contract
from export.errors import ContractError
from export.geometry import Geometry
from export.refine import refine
from export.request import Precision
from retouch.prompts import PromptTokenizer
from retouch.schedulers import load_scheduler
from tests.export.fixtures import Exporter

SDXL = Geometry(
    resolution=1024,
    latent_factor=8,
    latent_channels=4,
    unet_channels=9,
    feature_channels=320,
    embedding_width=2048,
    pooled_width=1280,
    vocabulary=49408,
    unet_reduction=4,
)


def _refined(
    role: Role, family: Family = Family.SDXL, *, keeps_features: bool = False
) -> ModelConfig:
    contract = read_contract(role, family, keeps_features=keeps_features)
    return refine(contract, role, "big", SDXL, {})


def _dims(config: ModelConfig) -> dict[str, list[int]]:
    return {tensor.name: list(tensor.dims) for tensor in (*config.input, *config.output)}


def test_the_unet_of_sdxl_gets_its_sizes() -> None:
    assert _dims(_refined(Role.UNET)) == {
        "LATENTS": [9, 128, 128],
        "TIMESTEP": [1],
        "EMBEDDINGS": [-1, 2048],
        "POOLED": [1280],
        "TIME_IDS": [6],
        "PREDICTION": [4, 128, 128],
    }


def test_features_leave_the_whole_unet_of_sdxl_as_they_enter_the_shallow_one() -> None:
    whole, shallow = (
        _dims(_refined(role, keeps_features=True)) for role in (Role.UNET, Role.UNET_SHALLOW)
    )
    assert whole == _dims(_refined(Role.UNET)) | {"FEATURES": [320, 128, 128]}
    assert shallow == {name: dims for name, dims in whole.items() if name != "EMBEDDINGS"}


def test_a_plain_vae_decoder_gets_its_sizes() -> None:
    config = _refined(Role.VAE_DECODER, Family.SD)
    assert _dims(config) == {"LATENTS": [4, 128, 128], "IMAGE": [1024, 1024, 3]}


def test_the_public_model_takes_an_empty_window_as_a_probe_has_it() -> None:
    contract = read_contract(Role.PUBLIC, Family.SDXL)
    assert _dims(_refined(Role.PUBLIC)) == _dims(contract)
    assert _dims(contract)["IMAGE"] == [-1, -1, 3]


def test_the_steps_of_the_ensemble_are_the_models_of_the_same_id() -> None:
    names = [step.model_name for step in _refined(Role.ENCODE).ensemble_scheduling.step]
    assert names == ["big.tokenizer", "big.text_encoder", "big.vae_encoder"]


@pytest.mark.parametrize("family", list(Family))
@pytest.mark.parametrize(
    ("role", "keeps_features"), [*((role, False) for role in Role), (Role.UNET, True)]
)
def test_nothing_but_names_and_free_sizes_is_refined(
    role: Role, family: Family, *, keeps_features: bool
) -> None:
    contract = read_contract(role, family, keeps_features=keeps_features)
    config = _refined(role, family, keeps_features=keeps_features)
    assert [tensor.name for tensor in contract.input] == [tensor.name for tensor in config.input]
    for before, after in zip(
        (*contract.input, *contract.output), (*config.input, *config.output), strict=True
    ):
        pairs = zip(before.dims, after.dims, strict=True)
        assert all(free in (-1, size) for free, size in pairs)
        after.dims[:] = before.dims
    for before, after in zip(
        contract.ensemble_scheduling.step, config.ensemble_scheduling.step, strict=True
    ):
        after.model_name = before.model_name
    if "parts" in contract.parameters:
        assert config.parameters["parts"].string_value == config.name
        config.parameters["parts"].CopyFrom(contract.parameters["parts"])
    config.name = contract.name
    assert config == contract


def test_sizes_that_contradict_the_contract_are_refused() -> None:
    contract = read_contract(Role.UNET, Family.SDXL)
    contract.output[0].dims[:] = [8, -1, -1]
    with pytest.raises(ContractError, match="PREDICTION"):
        refine(contract, Role.UNET, "big", SDXL, {})


def test_a_parameter_that_the_contract_does_not_know_is_refused() -> None:
    contract = read_contract(Role.PUBLIC, Family.SD)
    with pytest.raises(ContractError, match="colour"):
        refine(contract, Role.PUBLIC, "big", SDXL, {"colour": "red"})


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sd1_inpainting", {"unet_channels": "9", "steps": "30", "guidance": "7.5"}),
        ("sd1_plain", {"unet_channels": "4", "added_conditioning": "false"}),
        ("sd1_lcm", {"steps": "4", "guidance": "1.0", "zero_empty_negative": "false"}),
        ("sdxl_inpainting", {"added_conditioning": "true", "zero_empty_negative": "true"}),
    ],
)
def test_parameters_come_from_the_checkpoint(
    exported: Exporter, name: str, expected: dict[str, str]
) -> None:
    published = exported(name, Precision.FP32)
    assert {key: published.parameter(key) for key in expected} == expected
    assert published.parameter("resolution") == "64"
    assert published.parameter("latent_factor") == "8"
    assert published.parameter("task") == "image-edit"


def test_the_scheduler_is_the_one_of_the_checkpoint(exported: Exporter) -> None:
    published = exported("sd2_inpainting", Precision.FP32)
    config = json.loads(published.parameter("scheduler"))
    file = published.checkpoint / "scheduler" / "scheduler_config.json"
    assert config == json.loads(file.read_text(encoding="utf-8"))
    assert config["prediction_type"] == "v_prediction"
    load_scheduler(config)


def test_the_second_encoder_of_sdxl_is_padded_with_its_own_token(exported: Exporter) -> None:
    published = exported("sdxl_inpainting", Precision.FP32)
    tokenizer = PromptTokenizer(published.folder(Role.TOKENIZER) / "1" / "tokenizer.json")
    end = tokenizer.encode("", "", (0,))[0][0, 1]
    assert published.parameter("pad_token_id", Role.TOKENIZER) == str(end)
    assert published.parameter("pad_token_id_2", Role.TOKENIZER) == "0"


def test_every_model_is_complete(exported: Exporter) -> None:
    published = exported("sd1_plain", Precision.FP32)
    for role in ROLES:
        folder = published.folder(role)
        assert (folder / "1").is_dir()
        text = (folder / "config.pbtxt").read_text(encoding="utf-8")
        assert text.startswith("# Written by `retouch export` from sd1-plain.\n")
        config = text_format.Parse(text, ModelConfig())
        assert config.name == folder.name
        if config.backend == "python":
            assert (folder / "1" / "model.py").is_file()
