"""The public model with its committed configuration; only Triton and the networks are replaced."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from retouch.denoise import UNetRows
from retouch.plans import Gpu, PlanMismatchError, bind
from retouch.triton_models.edit import EditModel
from retouch.triton_models.replies import TritonReplies
from tests.retouch.denoise.fakes import PATIENCE_SECONDS, FakeEngines
from tests.retouch.triton_models import fake_pb_utils as pb_utils
from tests.retouch.triton_models.fake_pb_utils import Arrays, InferenceRequest, Tensor

NAME = "retouch-mini"
RESOLUTION = 256
CACHED = Path(__file__).parents[3] / "export" / "contracts" / "cached"


def serve(engines: FakeEngines) -> dict[str, pb_utils.Function]:
    """The models that the loop calls, computed by the fake engines."""

    def encode(inputs: Arrays) -> Arrays:
        texts = (inputs[name].item().decode() for name in ("PROMPT", "NEGATIVE_PROMPT"))
        encoded = engines.encode(inputs["IMAGE"][0], inputs["MASK"][0], *texts)
        return {"EMBEDDINGS": encoded.embeddings, "LATENTS": encoded.latents[None]}

    def vae_encoder(inputs: Arrays) -> Arrays:
        windows = zip(inputs["IMAGE"], inputs["MASK"], strict=True)
        return {"LATENTS": np.stack([engines.encode_image(*window) for window in windows])}

    def unet(inputs: Arrays) -> Arrays:
        rows = UNetRows(inputs["LATENTS"], inputs["TIMESTEP"], inputs["EMBEDDINGS"])
        return {"PREDICTION": engines.unet(rows).prediction}

    def vae_decoder(inputs: Arrays) -> Arrays:
        return {"IMAGE": np.ascontiguousarray(engines.decode(inputs["LATENTS"]))}

    functions = (encode, vae_encoder, unet, vae_decoder)
    return {f"{NAME}.{function.__name__}": function for function in functions}


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> FakeEngines:
    """The networks."""
    engines = FakeEngines()
    monkeypatch.setattr(pb_utils, "MODELS", serve(engines))
    return engines


@pytest.fixture
def model(engines: FakeEngines) -> Iterator[EditModel]:
    """The model, loaded."""
    assert engines.unet_rows == []
    model = EditModel()
    model.initialize(pb_utils.arguments(NAME, pb_utils.config_json(NAME)))
    yield model
    model.finalize()


def request(**changes: Any) -> InferenceRequest:
    """A request of two images and three steps."""
    arrays = {
        "IMAGE": np.full((RESOLUTION, RESOLUTION, 3), 100, np.uint8),
        "MASK": np.full((RESOLUTION, RESOLUTION), 255, np.uint8),
        "PROMPT": np.array(["ein Käse".encode()], np.object_),
        "SEED": np.array([3, -4], np.int64),
        "STEPS": np.array([3], np.int32),
    }
    given = {name: array for name, array in (arrays | changes).items() if array is not None}
    pb_utils.check(pb_utils.config_of(NAME).input, given, 0)
    return InferenceRequest(inputs=[Tensor(name, array) for name, array in given.items()])


def answers(model: EditModel, one: InferenceRequest) -> list[Arrays]:
    """The responses to a request that succeeds."""
    model.execute([one])  # type: ignore[list-item]  # the stand-in
    assert one.sender.closed.wait(PATIENCE_SECONDS)
    return [response.arrays() for response in one.sender.responses]


def refusal(model: EditModel, one: InferenceRequest) -> pb_utils.TritonError:
    """The error that is the only response."""
    model.execute([one])  # type: ignore[list-item]  # the stand-in
    assert one.sender.closed.wait(PATIENCE_SECONDS)
    (response,) = one.sender.responses
    return response.error()


def test_each_seed_is_answered_with_a_picture_as_declared(model: EditModel) -> None:
    responses = answers(model, request())
    assert sorted(r["INDEX"].item() for r in responses) == [0, 1]
    for response in responses:
        pb_utils.check(pb_utils.config_of(NAME).output, response, 0)
        assert response["IMAGE"].shape == (RESOLUTION, RESOLUTION, 3)
        assert response["STEP"].item() == response["STEPS"].item() == 3


def test_prompts_that_come_again_are_not_encoded_again_and_paint_the_same(
    model: EditModel, engines: FakeEngines
) -> None:
    first, again = (answers(model, request()) for _ in range(2))
    assert engines.encoded == ["ein Käse"]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one["IMAGE"], other["IMAGE"])


def test_previews_and_progress_are_on_the_same_stream(model: EditModel) -> None:
    asked = {"PREVIEWS": np.array([1], np.int32), "PROGRESS": np.array([True])}
    responses = answers(model, request(SEED=np.array([1], np.int64), **asked))
    pictures = [r["STEP"].item() for r in responses if "IMAGE" in r]
    progress = [r["STEP"].item() for r in responses if "IMAGE" not in r]
    assert (pictures, progress) == ([1, 3], [1, 2, 3])


def test_an_edit_of_no_images_is_answered_with_nothing(
    model: EditModel, engines: FakeEngines
) -> None:
    nothing = np.zeros((0, 0, 3), np.uint8), np.zeros((0, 0), np.uint8)
    empty = request(SEED=np.zeros(0, np.int64), IMAGE=nothing[0], MASK=nothing[1])
    assert answers(model, empty) == []
    assert engines.encoded == []


def test_left_out_inputs_take_the_defaults_of_the_configuration(
    model: EditModel, engines: FakeEngines
) -> None:
    responses = answers(model, request(STEPS=None))
    parameters = pb_utils.config_of(NAME).parameters
    configured = int(parameters["steps"].string_value)
    assert {r["STEPS"].item() for r in responses} == {configured}
    guided = math.ceil(configured * float(parameters["guidance_end"].string_value))
    assert engines.unet_rows == [4] * guided + [2] * (configured - guided)


def test_a_strength_below_1_starts_from_the_window(model: EditModel) -> None:
    responses = answers(model, request(STRENGTH=np.array([0.4], np.float32)))
    assert {r["STEPS"].item() for r in responses} == {1}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"IMAGE": np.zeros((8, 8, 3), np.uint8)}, r"IMAGE must be of shape \[256, 256, 3\]"),
        ({"MASK": np.zeros((256, 8), np.uint8)}, r"MASK must be .* is of shape \[256, 8\]"),
        ({"SEED": np.zeros(1025, np.int64)}, "SEED must have 1 to 1024"),
        ({"STEPS": np.array([0], np.int32)}, "STEPS must be 1 to 1000 and is 0"),
        ({"STEPS": np.array([1001], np.int32)}, "STEPS must be 1 to 1000 and is 1001"),
        ({"STRENGTH": np.array([0], np.float32)}, "STRENGTH must be above 0"),
        ({"STRENGTH": np.array([np.nan], np.float32)}, "STRENGTH must be above 0"),
        ({"STRENGTH": np.array([1.5], np.float32)}, "STRENGTH must be above 0"),
        ({"GUIDANCE": np.array([np.inf], np.float32)}, "GUIDANCE must be a finite number"),
        ({"PREVIEWS": np.array([-1], np.int32)}, "PREVIEWS must be 0 to 1000 and is -1"),
        ({"PROMPT": np.array([b"\xff"], np.object_)}, "PROMPT must be UTF-8"),
    ],
)
def test_a_request_out_of_range_is_an_invalid_argument(
    model: EditModel, changes: Arrays, message: str
) -> None:
    error = refusal(model, request(**changes))
    assert error.code() == pb_utils.TritonError.INVALID_ARG
    with pytest.raises(ValueError, match=message):
        raise ValueError(error.message())


def test_one_bad_request_does_not_keep_its_neighbour_from_being_served(model: EditModel) -> None:
    bad, good = request(STEPS=np.array([0], np.int32)), request()
    model.execute([bad, good])  # type: ignore[list-item]  # the stand-in
    assert good.sender.closed.wait(PATIENCE_SECONDS)
    assert len(good.sender.responses) == 2


def test_the_error_of_a_called_model_is_passed_on_with_its_name(
    model: EditModel, engines: FakeEngines
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("out of memory")

    engines.on_unet = fail
    error = refusal(model, request())
    assert error.message() == f"{NAME}.unet: out of memory"
    assert error.code() == pb_utils.TritonError.INTERNAL


def test_steps_between_whole_ones_are_calls_of_the_shallow_model(
    engines: FakeEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    engines.keeps_features = True

    def unet(inputs: Arrays) -> Arrays:
        called.append("unet")
        rows = UNetRows(inputs["LATENTS"], inputs["TIMESTEP"], inputs["EMBEDDINGS"])
        outputs = engines.unet(rows)
        assert outputs.features is not None
        return {"PREDICTION": outputs.prediction, "FEATURES": outputs.features}

    def unet_shallow(inputs: Arrays) -> Arrays:
        called.append("unet_shallow")
        rows = UNetRows(inputs["LATENTS"], inputs["TIMESTEP"], inputs["EMBEDDINGS"])
        shallow = rows._replace(features=inputs["FEATURES"])
        return {"PREDICTION": engines.unet(shallow).prediction}

    for function in (unet, unet_shallow):
        monkeypatch.setitem(pb_utils.MODELS, f"{NAME}.{function.__name__}", function)
        contract = CACHED / "sd" / function.__name__ / "config.pbtxt"
        monkeypatch.setitem(pb_utils.CONTRACTS, f"{NAME}.{function.__name__}", contract)
    config = json.loads(pb_utils.config_json(NAME))
    config["parameters"]["cache_interval"] = {"string_value": "2"}
    model = EditModel()
    model.initialize(pb_utils.arguments(NAME, json.dumps(config)))
    assert len(answers(model, request())) == 2
    model.finalize()
    assert called == ["unet", "unet_shallow", "unet"]


def test_a_client_that_has_left_gets_an_empty_end(model: EditModel) -> None:
    one = request()
    one.sender.has_left = True
    assert answers(model, one) == []


def test_the_end_of_a_stream_waits_until_triton_has_taken_note_that_it_is_cancelled() -> None:
    present, absent = pb_utils.ResponseSender(), pb_utils.ResponseSender()
    absent.has_left = True
    for sender in (present, absent):
        TritonReplies(sender).close()  # type: ignore[arg-type]  # has what is used of it
    assert present.closed.is_set()
    assert not absent.closed.is_set()
    assert absent.closed.wait(5)


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("resolution", None, "lacks the parameter resolution"),
        ("resolution", "big", "resolution = 'big' is not a whole number"),
        ("unet_channels", "8", "unet_channels = 8"),
        ("added_conditioning", "False", "added_conditioning = 'False' is not true or false"),
        ("guidance", "", "guidance = '' is not a number"),
        ("scheduler", "[]", "scheduler = .* is not a JSON object"),
        ("scheduler", '{"_class_name": "Heun"}', "_class_name = 'Heun' is not supported"),
        ("max_rows", "1", "max_rows = 1"),
        ("guidance_end", "1.5", "guidance_end = 1.5"),
        ("cache_interval", "0", "cache_interval = 0"),
    ],
)
def test_a_bad_configuration_is_refused_by_the_parameters_name(
    parameter: str, value: str | None, message: str
) -> None:
    config = json.loads(pb_utils.config_json(NAME))
    config["parameters"][parameter] = {"string_value": value}
    if value is None:
        del config["parameters"][parameter]
    with pytest.raises(ValueError, match=message):
        EditModel().initialize(pb_utils.arguments(NAME, json.dumps(config)))


def test_a_plan_of_another_machine_keeps_the_model_from_loading(tmp_path: Path) -> None:
    folder = tmp_path / f"{NAME}.unet" / "1"
    folder.mkdir(parents=True)
    bind(folder / "model.plan", Gpu("NVIDIA H999", "99.0", "10.15.1"))
    arguments = pb_utils.arguments(NAME, pb_utils.config_json(NAME))
    arguments["model_repository"] = str(tmp_path / NAME)
    with pytest.raises(PlanMismatchError, match=r"retouch-mini\.unet: the plan is for NVIDIA H999"):
        EditModel().initialize(arguments)
