"""End users who may not edit."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from frontend.blocks.table import MAX_REASON_CHARACTERS, MAX_USER_CHARACTERS
from frontend.errors.administration import NotBlockedError
from frontend.routes.small_body import SmallBodyRoute
from frontend.services import Open

router = APIRouter(prefix="/blocked-users", route_class=SmallBodyRoute)


class Block(BaseModel):
    """Whom to keep out, and why."""

    model_config = ConfigDict(extra="forbid")

    end_user: Annotated[str, Field(min_length=1, max_length=MAX_USER_CHARACTERS)]
    reason: Annotated[str, Field(max_length=MAX_REASON_CHARACTERS)] | None = None


class ListedBlock(BaseModel):
    """A block, and its time in Unix seconds."""

    model_config = ConfigDict(from_attributes=True)

    end_user: str
    reason: str | None
    blocked_at: int


class BlockList(BaseModel):
    """All blocks, the newest first."""

    object: Literal["list"] = "list"
    data: list[ListedBlock]


@router.get("")
async def list_blocks(services: Open) -> BlockList:
    """List the blocks."""
    blocks = await services.blocks.list()
    return BlockList(data=[ListedBlock.model_validate(block) for block in blocks])


@router.post("", status_code=204)
async def block(user: Block, services: Open) -> None:
    """Keep a user out."""
    await services.blocks.block(user.end_user, user.reason)


@router.delete("", status_code=204)
async def unblock(end_user: str, services: Open) -> None:
    """Let a user in again; the name is a query parameter, for it may hold anything."""
    if not await services.blocks.unblock(end_user):
        raise NotBlockedError
