"""`stream=true`, as the clients that know it read it."""

import base64
from typing import Any

import numpy as np
import pytest

from tests.conformance.official import Official, Outcome
from tests.conformance.samples import Sample, check_edited
from tests.frontend.samples import pixels_of

COMMON = {"created_at", "size", "quality", "background", "output_format"}


def events_of(outcome: Outcome) -> list[dict[str, Any]]:
    """The events of a stream that did not fail."""
    assert outcome.error is None, outcome.error
    events: list[dict[str, Any]] = outcome.value
    return events


def picture(event: dict[str, Any]) -> Any:
    return pixels_of(base64.b64decode(event["b64_json"]))


@pytest.mark.parametrize("partial_images", [0, 1, 3])
def test_previews_come_before_the_picture_and_are_counted_from_zero(
    newer_client: Official, sample: Sample, partial_images: int
) -> None:
    fields = sample.fields(partial_images=partial_images, num_inference_steps=8)
    *previews, last = events_of(newer_client.edit(fields, stream=True))
    assert [event["type"] for event in previews] == ["image_edit.partial_image"] * partial_images
    assert [event["partial_image_index"] for event in previews] == list(range(partial_images))
    assert last["type"] == "image_edit.completed"
    for event in (*previews, last):
        assert set(event) >= COMMON
        assert event["size"] == "256x256"
        assert event["output_format"] == "png"
        check_edited(picture(event))
    for event in previews:
        assert not np.array_equal(picture(event), picture(last))


def test_the_last_event_says_what_was_used(newer_client: Official, sample: Sample) -> None:
    *_, last = events_of(newer_client.edit(sample.fields(), stream=True))
    usage = last["usage"]
    assert usage["total_tokens"] == usage["input_tokens"] + usage["output_tokens"]
    details = usage["input_tokens_details"]
    assert usage["input_tokens"] == details["image_tokens"] + details["text_tokens"]
    assert min(usage["input_tokens"], usage["output_tokens"], details["text_tokens"]) > 0


def test_every_picture_of_several_is_completed(newer_client: Official, sample: Sample) -> None:
    events = events_of(newer_client.edit(sample.fields(n=2, seed=7), stream=True))
    completed = [event for event in events if event["type"] == "image_edit.completed"]
    assert len(completed) == 2
    assert not np.array_equal(*map(picture, completed))


def test_a_stream_paints_what_the_plain_answer_does(newer_client: Official, sample: Sample) -> None:
    fields = sample.fields(seed=7)
    *_, last = events_of(newer_client.edit(fields, stream=True))
    plain = newer_client.edit({**fields, "response_format": "b64_json"}).value["data"][0]
    assert last["b64_json"] == plain["b64_json"]


def test_an_error_before_the_first_event_is_an_ordinary_one(
    newer_client: Official, sample: Sample
) -> None:
    error = newer_client.edit(sample.fields(size="1x1"), stream=True).error
    assert error is not None
    assert (error.kind, error.status, error.param) == ("BadRequestError", 400, "size")


@pytest.mark.parametrize("partial_images", [-1, 4])
def test_more_than_three_previews_are_refused(
    newer_client: Official, sample: Sample, partial_images: int
) -> None:
    error = newer_client.edit(sample.fields(partial_images=partial_images), stream=True).error
    assert error is not None
    assert (error.kind, error.param) == ("BadRequestError", "partial_images")
