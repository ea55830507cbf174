"""Who made what: usage summed up by key, by end user or by day."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, String, and_, case, func, literal, select

from frontend.database.database import LONG_SECONDS, Database
from frontend.keys.table import Key
from frontend.usage.table import CLIENT_LEFT, Usage

By = Literal["key", "user", "day"]
_DAY_SECONDS: Final = 86400
_DONE: Final = and_(Usage.status < 400, Usage.code.is_(None))
_LEFT: Final = Usage.status == CLIENT_LEFT
_REFUSED: Final = and_(Usage.status.between(400, 498))
_GROUPS: Final[Mapping[By, ColumnElement[Any]]] = {
    "key": Usage.key_id.expression,
    "user": Usage.end_user.expression,
    "day": Usage.created_at // literal(_DAY_SECONDS),
}


@dataclass(frozen=True)
class UsageLine:
    """The edits of one key, user or day.

    Attributes:
        group: the key's id, the user, or the day in UTC; None: the requests that named no user.
        name: the key's name where that is the group.
        images: how many pictures were made.
        requests: how many edits were asked for; the next three are parts of it.
        refused: invalid, over a limit or blocked.
        failed: not served by fault of ours, overload included.
        left: given up by the client.
        mean_seconds: how long an edit took that was done; None where none was.
        last_at: when the newest came, in Unix seconds.
    """

    group: str | None
    name: str | None
    images: int
    requests: int
    refused: int
    failed: int
    left: int
    mean_seconds: float | None
    last_at: int


async def usage_report(database: Database, by: By, since: int = 0) -> Sequence[UsageLine]:
    """Return one line per group, those with most images first (days: the newest first).

    Args:
        database: where usage is kept.
        by: what to group by.
        since: from when on, in Unix seconds.

    Raises:
        UnavailableError: the database cannot be reached.
    """
    group = _GROUPS[by].label("group")
    images = func.coalesce(func.sum(case((_DONE, Usage.images), else_=0)), 0).label("images")
    last = func.max(Usage.created_at).label("last")
    name = func.max(Key.name) if by == "key" else literal(None, String)
    query = (
        select(group, name, images, func.count(), _count(_REFUSED), _count(_LEFT), _count(_DONE))
        .add_columns(func.avg(case((_DONE, Usage.duration_milliseconds))), last)
        .join_from(Usage, Key, Key.id == Usage.key_id, isouter=True)
        .where(Usage.created_at >= since)
        .group_by(group)
        .order_by(group.desc() if by == "day" else images.desc(), last.desc())
    )
    async with database.transaction(LONG_SECONDS) as session:
        rows = (await session.execute(query)).all()
    return [_line(by, *row) for row in rows]


def seconds_ago(seconds: float) -> int:
    """Return the moment that many seconds ago, in Unix seconds."""
    return int(time.time() - seconds)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _line(
    by: By,
    group: Any,
    name: str | None,
    images: int,
    requests: int,
    refused: int,
    left: int,
    done: int,
    mean_milliseconds: float | None,
    last_at: int,
) -> UsageLine:
    return UsageLine(
        group=_day(group) if by == "day" else group,
        name=name,
        images=int(images),
        requests=requests,
        refused=int(refused),
        failed=int(requests - refused - left - done),
        left=int(left),
        mean_seconds=None if mean_milliseconds is None else float(mean_milliseconds) / 1000,
        last_at=last_at,
    )


def _day(days: int) -> str:
    return datetime.fromtimestamp(days * _DAY_SECONDS, UTC).strftime("%Y-%m-%d")
