"""`GET /v1/models`."""

from tests.conformance.official import Official
from tests.conformance.target import Target


def test_models_are_listed_and_found(client: Official, target: Target) -> None:
    listed = client.models().value
    assert target.model in [model["id"] for model in listed]
    for model in listed:
        assert (model["object"], type(model["created"])) == ("model", int)
        assert model["owned_by"]
        found = client.model(model["id"]).value
        assert {**found, **model} == found


def test_a_model_that_is_not_served_is_not_found(client: Official) -> None:
    error = client.model("dall-e-9").error
    assert error is not None
    assert (error.kind, error.status, error.code) == ("NotFoundError", 404, "model_not_found")
    assert (error.type, error.param) == ("invalid_request_error", "model")
    assert error.message == "The model `dall-e-9` does not exist or you do not have access to it."
