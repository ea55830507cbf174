"""Signing in and out."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from frontend.administration.admin_secret import is_admin_secret
from frontend.administration.page_request import (
    COOKIE,
    FROM_PAGE,
    is_signed_in,
    session_token,
)
from frontend.errors.administration import SpentLinkError, WrongSecretError
from frontend.keys.playground import make_playground_key
from frontend.routes.small_body import SmallBodyRoute
from frontend.services import Open, Services

router = APIRouter(prefix="/session", dependencies=[FROM_PAGE], route_class=SmallBodyRoute)
_LONGEST: Final = 200


class Proof(BaseModel):
    """What opens a session: the secret, or a link that has not been used."""

    model_config = ConfigDict(extra="forbid")

    secret: Annotated[str, Field(max_length=_LONGEST)] | None = None
    link: Annotated[str, Field(max_length=_LONGEST)] | None = None


class Standing(BaseModel):
    """Whether the browser is signed in."""

    signed_in: bool


@router.get("")
async def read(request: Request, services: Open) -> Standing:
    """Say whether the browser is signed in."""
    return Standing(signed_in=await is_signed_in(request, services))


@router.post("")
async def sign_in(proof: Proof, request: Request, response: Response, services: Open) -> Standing:
    """Open a session and set its cookie."""
    if proof.link is not None:
        await _require_link(services, proof.link)
    else:
        await _require_secret(services, request, proof.secret or "")
    await make_playground_key(services.database)
    token = await services.sessions.open()
    lifetime = services.sessions.lifetime_seconds
    response.set_cookie(COOKIE, token, max_age=lifetime, **_attributes(services))
    return Standing(signed_in=True)


@router.delete("")
async def sign_out(request: Request, response: Response, services: Open) -> Standing:
    """End the session."""
    token = session_token(request)
    if token is not None:
        await services.sessions.close(token)
    response.delete_cookie(COOKIE, **_attributes(services))
    return Standing(signed_in=False)


async def _require_link(services: Services, link: str) -> None:
    if not await services.sessions.use_link(link):
        raise SpentLinkError


async def _require_secret(services: Services, request: Request, secret: str) -> None:
    await services.attempts.count(request.client.host if request.client else "")
    if not await is_admin_secret(services.database, secret):
        raise WrongSecretError


def _attributes(services: Services) -> dict[str, Any]:
    is_encrypted = services.settings.base_url.startswith("https:")
    return {"httponly": True, "samesite": "strict", "secure": is_encrypted}
