"""Who is calling: the bearer key of a request."""

from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from frontend.errors.access import NoKeyError, WrongKeyError
from frontend.keys.table import Key
from frontend.middleware.request_context import note_caller
from frontend.services import Open

_bearer = HTTPBearer(auto_error=False, description="An API key made with `retouch keys create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def _caller(services: Open, credentials: Credentials) -> Key:
    if credentials is None or not credentials.credentials:
        raise NoKeyError
    key = await services.keys.check(credentials.credentials)
    if key is None:
        raise WrongKeyError(credentials.credentials)
    note_caller(key.id)
    return key


Caller = Annotated[Key, Depends(_caller)]
