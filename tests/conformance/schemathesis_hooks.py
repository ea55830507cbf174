"""What schemathesis is told of this API: which pictures, models and results there are."""

import os
from typing import Any

import schemathesis
from hypothesis import strategies

from tests.frontend.samples import mask_with_hole, noise, png_of

MODEL_VARIABLE = "SCHEMATHESIS_MODEL"
RESULT_VARIABLE = "SCHEMATHESIS_RESULT"
SMALL_VARIABLE = "SCHEMATHESIS_SMALL_EDITS"
EDITS = "/v1/images/edits"
RESULTS = "/v1/images/results/{file_name}"
PICTURES = [
    png_of(noise(64)),
    png_of(mask_with_hole(64, 10, 10, 30, 30)),
    png_of(mask_with_hole(32, 1, 1, 9, 9)),
    png_of(noise(64))[:200],
]

schemathesis.openapi.format(
    "binary", strategies.one_of(strategies.sampled_from(PICTURES), strategies.binary(max_size=99))
)


@schemathesis.hook
def before_load_schema(_: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Name the model that is served and a result that exists, beside one of each that is not."""
    form = raw_schema["paths"][EDITS]["post"]["requestBody"]["content"]["multipart/form-data"]
    fields = form["schema"]["properties"]
    fields["model"]["enum"] = [os.environ[MODEL_VARIABLE], "unknown"]
    if SMALL_VARIABLE in os.environ:
        fields["n"]["maximum"] = 2
        fields["num_inference_steps"]["maximum"] = 4
    [file_name] = [
        parameter
        for parameter in raw_schema["paths"][RESULTS]["get"]["parameters"]
        if parameter["name"] == "file_name"
    ]
    file_name["schema"]["enum"] = [os.environ[RESULT_VARIABLE], "unknown.png"]
