"""Requests of our own pages: how they are told from those that another site makes a browser send.

A session's cookie counts only together with the header `Retouch-Page`. A form cannot send a header,
and before a script of another origin sends one along with a cookie, the browser asks us whether it
may (CORS with credentials), which we never allow. `SameSite=Strict` and `Sec-Fetch-Site` say the
same once more.
"""

from typing import Final

from fastapi import Depends, Request

from frontend.errors.administration import NotFromPageError, NotSignedInError
from frontend.services import Open, Services

COOKIE: Final = "retouch-session"
_HEADER: Final = "retouch-page"
_OWN_SITE: Final = "same-origin"


def session_token(request: Request) -> str | None:
    """Return the session's token if one of our own pages sends it."""
    return request.cookies.get(COOKIE) if _is_from_page(request) else None


async def is_signed_in(request: Request, services: Services) -> bool:
    """Whether a request comes from a page of a signed-in administrator.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    token = session_token(request)
    return token is not None and await services.sessions.is_open(token)


def _is_from_page(request: Request) -> bool:
    site = request.headers.get("sec-fetch-site", _OWN_SITE)
    return _HEADER in request.headers and site == _OWN_SITE


async def _from_page(request: Request) -> None:
    if not _is_from_page(request):
        raise NotFromPageError


async def _administrator(request: Request, services: Open) -> None:
    if not await is_signed_in(request, services):
        raise NotSignedInError


FROM_PAGE: Final = Depends(_from_page)
ADMINISTRATOR: Final = Depends(_administrator)
