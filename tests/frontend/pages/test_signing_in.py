"""Signing in: what opens a session, what a session may do, and who cannot use one."""

import sqlite3
import time

import pytest
from httpx import AsyncClient, codes

from frontend.administration import sessions
from frontend.administration.admin_secret import first_secret, reset_secret
from frontend.keys.playground import playground_key
from frontend.services import Services
from frontend.settings import Settings
from tests.frontend.pages.conftest import FROM_PAGE, SESSION

MODELS = "/v1/models"


async def is_signed_in(page: AsyncClient) -> bool:
    answer = await page.get(SESSION)
    signed_in: bool = answer.raise_for_status().json()["signed_in"]
    return signed_in


async def test_the_secret_opens_a_session(page: AsyncClient, secret: str) -> None:
    assert not await is_signed_in(page)
    answer = await page.post(SESSION, json={"secret": secret})
    assert answer.status_code == codes.OK
    assert await is_signed_in(page)


async def test_a_wrong_secret_does_not(page: AsyncClient, secret: str) -> None:
    answer = await page.post(SESSION, json={"secret": secret[:-1] + "?"})
    assert answer.status_code == codes.UNAUTHORIZED
    assert answer.json()["error"]["code"] == "invalid_admin_secret"
    assert not answer.cookies


@pytest.mark.parametrize("proof", [{}, {"secret": ""}, {"link": ""}])
async def test_nothing_opens_nothing(page: AsyncClient, secret: str, proof: object) -> None:
    assert secret
    assert (await page.post(SESSION, json=proof)).status_code == codes.UNAUTHORIZED


async def test_a_link_signs_in_once(page: AsyncClient, services: Services) -> None:
    link = await services.sessions.new_link()
    assert (await page.post(SESSION, json={"link": link})).status_code == codes.OK
    again = await page.post(SESSION, json={"link": link})
    assert again.status_code == codes.UNAUTHORIZED
    assert again.json()["error"]["code"] == "spent_link"


async def test_a_link_ends_after_an_hour(
    page: AsyncClient, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await services.sessions.new_link()
    an_hour_later = time.time() + sessions.LINK_SECONDS
    monkeypatch.setattr(time, "time", lambda: an_hour_later)
    assert (await page.post(SESSION, json={"link": link})).status_code == codes.UNAUTHORIZED


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    page: AsyncClient, secret: str
) -> None:
    answer = await page.post(SESSION, json={"secret": secret})
    attributes = answer.headers["set-cookie"].lower().split("; ")
    assert {"httponly", "samesite=strict", "path=/"} <= set(attributes)


async def test_a_session_edits_without_a_key(admin: AsyncClient) -> None:
    assert (await admin.get(MODELS)).status_code == codes.OK


async def test_a_cookie_counts_only_with_the_header_of_our_pages(admin: AsyncClient) -> None:
    del admin.headers["Retouch-Page"]
    assert (await admin.get(MODELS)).status_code == codes.UNAUTHORIZED
    refused = await admin.get(SESSION)
    assert refused.status_code == codes.FORBIDDEN
    assert refused.json()["error"]["code"] == "not_from_page"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
async def test_requests_of_other_sites_do_not_count(admin: AsyncClient, site: str) -> None:
    answer = await admin.get(MODELS, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == codes.UNAUTHORIZED


@pytest.mark.parametrize("path", ["/v1/images/edits", SESSION])
async def test_no_other_origin_may_send_the_header_along_with_a_cookie(
    admin: AsyncClient, path: str
) -> None:
    """The browser's question before it sends such a request is not answered with yes."""
    asked = {
        "Origin": "https://elsewhere.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "retouch-page",
    }
    answer = await admin.options(path, headers=asked)
    assert "access-control-allow-credentials" not in answer.headers


async def test_signing_out_ends_the_session_on_the_server(admin: AsyncClient) -> None:
    cookies = dict(admin.cookies)
    (await admin.delete(SESSION)).raise_for_status()
    assert not await is_signed_in(admin)
    admin.cookies.update(cookies)
    assert not await is_signed_in(admin)


async def test_a_session_ends_after_its_time(
    admin: AsyncClient, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = time.time() + settings.session_seconds
    monkeypatch.setattr(time, "time", lambda: later)
    assert not await is_signed_in(admin)


async def test_a_new_secret_ends_the_old_one_and_all_sessions(
    admin: AsyncClient, secret: str, services: Services
) -> None:
    await reset_secret(services.database)
    assert not await is_signed_in(admin)
    assert (await admin.post(SESSION, json={"secret": secret})).status_code == codes.UNAUTHORIZED


async def test_the_first_secret_is_made_once(services: Services) -> None:
    assert await first_secret(services.database) is not None
    assert await first_secret(services.database) is None


async def test_guessing_is_slowed_down(page: AsyncClient, secret: str) -> None:
    answers = [await page.post(SESSION, json={"secret": "guess"}) for _ in range(6)]
    assert [answer.status_code for answer in answers[:5]] == [codes.UNAUTHORIZED] * 5
    assert answers[5].status_code == codes.TOO_MANY_REQUESTS
    assert 1 <= int(answers[5].headers["retry-after"]) <= 60
    right = await page.post(SESSION, json={"secret": secret})
    assert right.status_code == codes.TOO_MANY_REQUESTS


async def test_nothing_that_opens_a_session_is_stored_as_it_is(
    admin: AsyncClient, secret: str, services: Services, settings: Settings
) -> None:
    link = await services.sessions.new_link()
    (await admin.post(SESSION, json={"secret": secret})).raise_for_status()
    with sqlite3.connect(settings.home / "retouch.db") as database:
        dump = "\n".join(database.iterdump())
    for text in (secret, link, admin.cookies["retouch-session"]):
        assert text not in dump


async def test_the_playground_key_can_be_revoked(admin: AsyncClient, services: Services) -> None:
    await services.keys.revoke((await playground_key(services.database)).id)
    answer = await admin.get(MODELS)
    assert answer.status_code == codes.UNAUTHORIZED
    assert answer.json()["error"]["code"] == "playground_key_revoked"


async def test_a_bearer_key_wins_over_the_session(admin: AsyncClient) -> None:
    answer = await admin.get(MODELS, headers={**FROM_PAGE, "Authorization": "Bearer sk-wrong"})
    assert answer.json()["error"]["code"] == "invalid_api_key"
