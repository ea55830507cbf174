"""The API's description is exact, and its page needs no other host."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from openai.types import ImageEditCompletedEvent, ImageEditPartialImageEvent

from frontend.answers.messages import Completed, PartialImage
from frontend.errors.administration import AdministrationError
from frontend.errors.base import ApiError
from frontend.errors.validation import FIELD_ERRORS
from frontend.forms.fields import EditFields
from frontend.openapi.errors import EXAMPLES
from tests.frontend.test_foreign_errors import subclasses

COMMITTED = Path("docs/openapi.json")
ERRORS_PAGE = Path("docs/errors.md")
ROW = re.compile(r"\| (\d+) \| `(\w+)` \| (.+?) \|")


def test_the_committed_document_is_what_the_app_says(app: FastAPI) -> None:
    assert json.loads(COMMITTED.read_text()) == app.openapi(), "run: make openapi"


async def test_the_document_is_served(anonymous: AsyncClient, app: FastAPI) -> None:
    assert (await anonymous.get("/openapi.json")).json() == app.openapi()


def test_the_form_is_described_field_by_field(app: FastAPI) -> None:
    operation = app.openapi()["paths"]["/v1/images/edits"]["post"]
    form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert set(form["properties"]) == {"image", "mask", *EditFields.model_fields}
    assert form["required"] == ["image", "prompt", "model"]
    assert form["additionalProperties"] is False
    for name, field in form["properties"].items():
        assert field["description"], name
        assert "anyOf" not in field, name


def test_every_operation_says_what_it_is_and_which_headers_answers_have(app: FastAPI) -> None:
    for path in app.openapi()["paths"].values():
        for operation in path.values():
            assert operation["description"]
            for response in operation["responses"].values():
                assert {"x-request-id", "openai-processing-ms"} <= set(response["headers"])


def test_the_example_of_a_stream_is_what_the_official_client_reads(app: FastAPI) -> None:
    operation = app.openapi()["paths"]["/v1/images/edits"]["post"]
    example = operation["responses"]["200"]["content"]["text/event-stream"]["example"]
    lines = [line.partition(": ")[2] for line in example.splitlines() if line]
    names, events = lines[::2], [json.loads(line) for line in lines[1::2]]
    assert names == [event["type"] for event in events]
    ImageEditPartialImageEvent.model_validate(events[0])
    ImageEditCompletedEvent.model_validate(events[1])
    assert set(events[0]) == set(PartialImage.model_fields) - {"safety_identifier"}
    assert set(events[1]) == set(Completed.model_fields) - {"safety_identifier"}


def is_raised(kind: type[Exception]) -> bool:
    """Whether a class stands for an error of its own and not for its subclasses."""
    return not kind.__subclasses__()


def test_every_error_of_the_api_has_an_example() -> None:
    of_the_pages = set(subclasses(AdministrationError))
    kinds = {kind for kind in subclasses(ApiError) if is_raised(kind)} - of_the_pages
    assert kinds == {type(error) for error in EXAMPLES}, "add it to frontend/openapi/errors.py"


def table_rows() -> set[tuple[int, str, str | None]]:
    """The (status, type, code) of the page's table."""
    return {
        (int(status), kind, None if code == "null" else code.strip("`"))
        for status, kind, codes in ROW.findall(ERRORS_PAGE.read_text())
        for code in codes.split(", ")
    }


def test_every_error_is_in_the_pages_table_and_nothing_else() -> None:
    told: set[tuple[int, str, str | None]] = {
        (error.status, error.type, error.code) for error in EXAMPLES
    }
    for code, _ in FIELD_ERRORS.values():
        for kind in ("integer", "decimal"):
            told.add((400, "invalid_request_error", code.format(kind=kind)))
    assert table_rows() == told


class Page:
    """A page as a browser that may talk to no other host would load it."""

    REFERENCE = re.compile(r'(?:src|href)="([^"]+)"')

    def __init__(self, html: str) -> None:
        self.references = self.REFERENCE.findall(html)
        self.inline = re.findall(r"<script>|<style>|\son\w+=", html)


async def test_the_docs_page_is_served_whole_from_here(anonymous: AsyncClient) -> None:
    answer = await anonymous.get("/docs")
    assert answer.status_code == 200
    page = Page(answer.text)
    assert page.inline == []
    assert len(page.references) == 4
    for reference in page.references:
        assert (await anonymous.get(f"/{reference}")).status_code == 200, reference
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/docs/assets/nothing.js", "/docs/assets/../../x", "/docs/x"])
async def test_a_file_that_the_docs_page_lacks_is_404(anonymous: AsyncClient, path: str) -> None:
    answer = await anonymous.get(path)
    error: dict[str, Any] = answer.json()["error"]
    assert (answer.status_code, error["type"]) == (404, "invalid_request_error")
