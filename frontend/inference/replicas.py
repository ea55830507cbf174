"""All Triton servers, as their names stand for them now."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from frontend.inference.addresses import Target
from frontend.inference.catalogue import merged
from frontend.inference.models import EditModel
from frontend.inference.replica import Replica


class Replicas:
    """The servers behind the operator's targets, found anew every few seconds.

    gRPC's own balancing (`round_robin` over `dns:///`) knows neither how busy a server is nor which
    models it has, and resolves a name again only when a connection breaks, so that it would never
    find a server that is added.
    """

    def __init__(self, targets: Sequence[Target], lifetime_seconds: float) -> None:
        """Begin to look for servers; must be called in a running event loop.

        Args:
            targets: where they are.
            lifetime_seconds: how long names and the servers' lists of models are trusted.
        """
        self._lifetime_seconds = lifetime_seconds
        self._addresses: dict[Target, list[str]] = {target: [] for target in targets}
        self._replicas: dict[str, Replica] = {}
        self._retiring: set[asyncio.Task[None]] = set()
        self._looked = asyncio.Event()
        self._resolving = asyncio.create_task(self._resolve_forever())

    async def looked(self) -> None:
        """Wait until it is known for the first time what each server has."""
        await self._looked.wait()

    async def is_any_alive(self) -> bool:
        """Ask whether one of them runs now, and not a moment ago."""
        await self._looked.wait()
        asked = [replica.watch.is_alive() for replica in self._replicas.values()]
        return any(await asyncio.gather(*asked))

    @property
    def catalogue(self) -> Mapping[str, EditModel] | None:
        """What they have together, by id; None where none of them answers."""
        watches = [replica.watch for replica in self._replicas.values()]
        if not any(watch.is_reachable for watch in watches):
            return None
        return merged([watch.listed for watch in watches], [watch.ready for watch in watches])

    def least_busy_first(self, model: EditModel) -> Iterator[Replica]:
        """Yield the servers that can take an edit of the model, each at most once.

        How busy they are is looked at whenever the next one is asked for.
        """
        tried: set[Replica] = set()
        while left := {replica for replica in self._able(model) if replica not in tried}:
            best = min(left, key=lambda replica: replica.load(model))
            tried.add(best)
            yield best

    async def close(self) -> None:
        """Close all connections."""
        tasks = (self._resolving, *self._retiring)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for replica in self._replicas.values():
            await replica.close()

    def _able(self, model: EditModel) -> Iterator[Replica]:
        return (replica for replica in self._replicas.values() if replica.can_take(model))

    async def _resolve_forever(self) -> None:
        await self._resolve()
        await asyncio.gather(*(replica.watch.looked() for replica in self._replicas.values()))
        self._looked.set()
        while any(target.is_several for target in self._addresses):
            await asyncio.sleep(self._lifetime_seconds)
            await self._resolve()

    async def _resolve(self) -> None:
        for target in self._addresses:
            with suppress(OSError):  # what is known of it stays
                self._addresses[target] = await target.addresses()
        found = {address for addresses in self._addresses.values() for address in addresses}
        for address in self._replicas.keys() - found:
            self._retire(self._replicas.pop(address))
        for address in found - self._replicas.keys():
            self._replicas[address] = Replica(address, self._lifetime_seconds)

    def _retire(self, replica: Replica) -> None:
        """Give it no more edits, and let it finish those that it has."""
        task = asyncio.create_task(replica.retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)
