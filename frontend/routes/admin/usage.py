"""Who made what."""

import io
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from frontend.services import Open
from frontend.usage.report import By, seconds_ago, usage_report
from frontend.usage.spreadsheet import write_csv

router = APIRouter(prefix="/usage")
Days = Annotated[int, Query(ge=1, le=3660)]
_DAY_SECONDS: Final = 86400


class UsageList(BaseModel):
    """Usage of the last days, one line per group."""

    object: Literal["list"] = "list"
    data: list[dict[str, Any]]


@router.get("")
async def read(services: Open, by: By, days: Days = 30) -> UsageList:
    """Sum usage up."""
    lines = await usage_report(services.database, by, seconds_ago(days * _DAY_SECONDS))
    return UsageList(data=[asdict(line) for line in lines])


@router.get(".csv")
async def read_csv(services: Open, by: By, days: Days = 30) -> Response:
    """The same for a spreadsheet."""
    lines = await usage_report(services.database, by, seconds_ago(days * _DAY_SECONDS))
    text = io.StringIO()
    write_csv(lines, text)
    return Response(text.getvalue(), media_type="text/csv")
