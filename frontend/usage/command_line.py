"""`retouch usage`: who made what."""

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from frontend.command_line.moments import duration
from frontend.command_line.session import on_database
from frontend.command_line.tables import print_table
from frontend.usage.listing import usage_table
from frontend.usage.report import By, seconds_ago, usage_report
from frontend.usage.spreadsheet import write_csv


def usage(
    by: Annotated[By, typer.Option(help="What to sum up by.")] = "key",
    since: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="Only the last 24h, 7d, 4w; default: all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Show who made what: edits and images by key, by end user or by day."""
    if as_json and as_csv:
        raise typer.BadParameter("--json and --csv exclude each other")
    start = 0 if since is None else seconds_ago(duration(since).total_seconds())
    lines = on_database(lambda database: usage_report(database, by, start))
    if as_json:
        typer.echo(json.dumps([asdict(line) for line in lines], indent=2, ensure_ascii=False))
    elif as_csv:
        write_csv(lines, sys.stdout)
    else:
        print_table(usage_table(by, lines))
