"""Everything that a running frontend consists of, and how it is opened and closed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from obstore.store import ObjectStore

from frontend.administration.attempts import Attempts
from frontend.administration.sessions import Sessions
from frontend.admission.admission import Admission
from frontend.admission.limits import Limits
from frontend.blocks.store import Blocks
from frontend.database.database import Database
from frontend.editing.editor import Editor
from frontend.idempotency.answers import Answers
from frontend.idempotency.claims import Claims
from frontend.idempotency.once import Once
from frontend.inference.models import EditModels
from frontend.keys.store import Keys
from frontend.pictures.workers import PictureWorkers
from frontend.quotas.quotas import Quotas
from frontend.results.open_store import open_store
from frontend.results.secret import url_secret
from frontend.results.store import Results
from frontend.results.urls import ResultUrls
from frontend.settings import Settings
from frontend.telemetry.listener import metrics_port
from frontend.usage.recorder import UsageRecorder

Connect = Callable[[Settings], EditModels]


@dataclass(frozen=True)
class Services:
    """What routes work with."""

    settings: Settings
    database: Database
    keys: Keys
    blocks: Blocks
    quotas: Quotas
    usage: UsageRecorder
    models: EditModels
    admission: Admission
    editor: Editor
    results: Results
    once: Once
    sessions: Sessions
    attempts: Attempts


@asynccontextmanager
async def open_services(settings: Settings, connect: Connect) -> AsyncIterator[Services]:
    """Open everything, and close it again in reverse."""
    store = open_store(settings)
    async with (
        Database.open(settings) as database,
        UsageRecorder.open(database, settings.usage_retention_days) as usage,
        Quotas.open(settings) as quotas,
        _connected(settings, connect) as models,
        _swept(_results(settings, store), settings.sweep_interval_seconds) as results,
    ):
        workers = PictureWorkers(settings.picture_workers)
        admission = Admission(_limits(settings))
        editor = Editor(models, workers, admission)
        try:
            async with metrics_port(settings, models, admission):
                yield Services(
                    settings=settings,
                    database=database,
                    keys=Keys(database),
                    blocks=Blocks(database),
                    quotas=quotas,
                    usage=usage,
                    models=models,
                    admission=admission,
                    editor=editor,
                    results=results,
                    once=Once(Claims(database), Answers(store)),
                    sessions=Sessions(database, settings.session_seconds),
                    attempts=Attempts(),
                )
        finally:
            workers.close()


@asynccontextmanager
async def _connected(settings: Settings, connect: Connect) -> AsyncIterator[EditModels]:
    models = connect(settings)
    try:
        yield models
    finally:
        await models.close()


@asynccontextmanager
async def _swept(results: Results, interval_seconds: float) -> AsyncIterator[Results]:
    sweeping = asyncio.create_task(results.sweep_forever(interval_seconds))
    try:
        yield results
    finally:
        sweeping.cancel()
        with suppress(asyncio.CancelledError):
            await sweeping


def _limits(settings: Settings) -> Limits:
    return Limits(
        waiting_images=settings.waiting_images,
        wait_seconds=settings.wait_timeout_seconds,
        edit_seconds=settings.edit_timeout_seconds,
    )


def _results(settings: Settings, store: ObjectStore) -> Results:
    urls = ResultUrls(url_secret(settings), settings.base_url)
    return Results(store, urls, settings.result_lifetime_seconds)


async def _of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Open = Annotated[Services, Depends(_of)]
