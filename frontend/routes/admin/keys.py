"""API keys."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from frontend.errors.administration import KeyNotFoundError
from frontend.keys.store import KeyOptions
from frontend.keys.table import MAX_NAME_CHARACTERS, Key
from frontend.routes.small_body import SmallBodyRoute
from frontend.services import Open

router = APIRouter(prefix="/keys", route_class=SmallBodyRoute)
Limit = Annotated[int, Field(ge=1, le=1_000_000)]


class KeyLimits(BaseModel):
    """What a key may do, and until when; None as in the table of keys."""

    model_config = ConfigDict(extra="forbid")

    expires_at: Annotated[int, Field(ge=0)] | None = None
    images_per_minute: Limit | None = None
    requests_per_minute: Limit | None = None
    concurrent_edits: Limit | None = None
    models: Annotated[list[str], Field(min_length=1)] | None = None

    @property
    def options(self) -> KeyOptions:
        """The same for the store."""
        return KeyOptions(
            expires_at=self.expires_at,
            images_per_minute=self.images_per_minute,
            requests_per_minute=self.requests_per_minute,
            concurrent_edits=self.concurrent_edits,
            models=self.models,
        )


class NewKey(KeyLimits):
    """A key to be made."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME_CHARACTERS)]


class Secret(BaseModel):
    """A new key's secret, shown this one time."""

    secret: str


class ListedKey(BaseModel):
    """A key without its secret. Times are Unix seconds."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    prefix: str
    created_at: int
    last_used_at: int | None
    revoked_at: int | None
    expires_at: int | None
    has_expired: bool
    images_per_minute: int | None
    requests_per_minute: int | None
    concurrent_edits: int | None
    models: list[str] | None


class KeyList(BaseModel):
    """All keys, the newest first."""

    object: Literal["list"] = "list"
    data: list[ListedKey]


@router.get("")
async def list_keys(services: Open) -> KeyList:
    """List the keys."""
    return KeyList(data=[_listed(key) for key in reversed(await services.keys.list())])


@router.post("")
async def create(key: NewKey, services: Open) -> Secret:
    """Make a key."""
    return Secret(secret=await services.keys.create(key.name, **key.options))


@router.put("/{key_id}")
async def change(key_id: str, limits: KeyLimits, services: Open) -> ListedKey:
    """Say anew what a key may do."""
    if not await services.keys.update(key_id, **limits.options):
        raise KeyNotFoundError
    return _listed(next(key for key in await services.keys.list() if key.id == key_id))


@router.delete("/{key_id}", status_code=204)
async def revoke(key_id: str, services: Open) -> None:
    """Revoke a key, for good."""
    if not await services.keys.revoke(key_id):
        raise KeyNotFoundError


def _listed(key: Key) -> ListedKey:
    return ListedKey.model_validate(key)
