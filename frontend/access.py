"""Who is calling, by a key or from the playground, and what they may use."""

from collections.abc import AsyncIterator, Mapping
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from frontend.administration.page_request import is_signed_in
from frontend.errors.access import NoKeyError
from frontend.errors.request import ModelNotFoundError
from frontend.errors.service import UnavailableError
from frontend.inference.models import EditModel
from frontend.keys.playground import playground_key
from frontend.keys.table import Key
from frontend.middleware.notes import notes_of
from frontend.services import Open, Services

_bearer = HTTPBearer(auto_error=False, description="An API key made with `retouch keys create`.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def _caller(request: Request, services: Open, credentials: Credentials) -> Key:
    key = await _key_of(request, services, credentials)
    notes_of(request.scope).caller(key.id)
    return key


async def _key_of(
    request: Request, services: Services, credentials: HTTPAuthorizationCredentials | None
) -> Key:
    if credentials is None or not credentials.credentials:
        if await is_signed_in(request, services):
            return await playground_key(services.database)
        raise NoKeyError
    return await services.keys.check(credentials.credentials)


Caller = Annotated[Key, Depends(_caller)]


async def _editing(request: Request, services: Open, caller: Caller) -> AsyncIterator[Key]:
    """Ends when the answer is sent to its last byte, however long it streams."""
    async with services.quotas.request(caller, notes_of(request.scope).headers):
        yield caller


EditingCaller = Annotated[Key, Depends(_editing)]


async def models_of(caller: Key, services: Services) -> Mapping[str, EditModel]:
    """Return the served models that the caller may use, by id; see `EditModels.catalogue`.

    Raises:
        UnavailableError: the models cannot be reached.
    """
    models = await services.models.catalogue()
    return {model.id: model for model in models.values() if caller.may_use(model.id)}


async def model_of(caller: Key, services: Services, model_id: str) -> EditModel:
    """Return a served model that the caller may use.

    Raises:
        ModelNotFoundError: there is none; one that exists but is not for this caller included.
        UnavailableError: the models, or this one, cannot be reached.
    """
    models = await models_of(caller, services)
    if model_id not in models:
        raise ModelNotFoundError(model_id)
    if not models[model_id].servers:
        raise UnavailableError
    return models[model_id]
