"""What every answer carries, whatever is asked and however."""

import pytest
from httpx import AsyncClient

from frontend.errors.service import ModelFailedError, UnavailableError
from tests.frontend.painter import Painter
from tests.frontend.samples import mask_with_hole, noise, png_of

PATHS = ("/v1/images/edits", "/v1/models", "/v1/models/retouch-mini", "/v1/images/results/x.png")
OTHERS = ("/health/live", "/health/ready", "/openapi.json", "/docs", "/docs/assets", "/nowhere")
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
ORIGIN = {"Origin": "https://page.example"}
PREFLIGHT = ORIGIN | {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,x-stainless-lang",
}


async def edit(client: AsyncClient) -> dict[str, str]:
    answer = await client.post(
        "/v1/images/edits",
        data={"prompt": "a bird", "model": "retouch-mini", "size": "256x256"},
        files={"image": png_of(noise(64)), "mask": png_of(mask_with_hole(64, 1, 1, 9, 9))},
        headers=ORIGIN,
    )
    return dict(answer.headers)


@pytest.mark.parametrize("path", PATHS + OTHERS)
async def test_every_refusal_has_openais_body_and_every_answer_an_id(
    client: AsyncClient, path: str
) -> None:
    for method in METHODS:
        answer = await client.request(method, path)
        assert answer.headers["x-request-id"].startswith("req_")
        assert answer.headers["openai-version"]
        assert int(answer.headers["openai-processing-ms"]) >= 0
        if answer.status_code >= 400 and method != "HEAD":
            assert answer.headers["content-type"] == "application/json"
            assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


async def test_only_an_error_that_would_come_again_says_so(
    client: AsyncClient, painter: Painter
) -> None:
    painter.failure = ModelFailedError()
    assert (await edit(client))["x-should-retry"] == "false"
    painter.failure = UnavailableError()
    assert "x-should-retry" not in await edit(client)


async def test_a_page_of_any_origin_may_call_the_api_and_read_the_answer(
    client: AsyncClient,
) -> None:
    asked = await client.options("/v1/images/edits", headers=PREFLIGHT)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == "*"
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "authorization" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in asked.headers
    answered = await edit(client)
    assert answered["access-control-allow-origin"] == "*"
    assert answered["access-control-expose-headers"] == "*"


async def test_a_page_of_another_origin_may_call_nothing_else(client: AsyncClient) -> None:
    assert "access-control-allow-origin" not in (await client.get("/docs", headers=ORIGIN)).headers
    asked = await client.options("/openapi.json", headers=PREFLIGHT)
    assert asked.status_code == 405


async def test_a_preflight_for_an_unknown_method_is_refused_in_openais_form(
    client: AsyncClient,
) -> None:
    headers = PREFLIGHT | {"Access-Control-Request-Method": "BREW"}
    answer = await client.options("/v1/models", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "cors_not_allowed")
