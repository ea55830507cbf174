"""Edits that come at random moments, one queue before several servers, as in the product.

The frontend sends a server twice the rows of one call at most, and every edit to the server with
the fewest unfinished rows; the others wait in their order. Nobody leaves and nothing fails.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from benchmarks.capacity.costs import Costs
from benchmarks.capacity.server import Edit, Server
from benchmarks.measurement import Measurement
from benchmarks.traffic import Arrival

SENT_CALLS = 2  # calls full of rows that a server gets at once


@dataclass(frozen=True)
class Outcome(Measurement):
    """What became of all edits, from the first arrival to the last answer.

    Attributes:
        busy: share of the time in which a server had images in flight, the mean of all servers.
    """

    busy: float = field(kw_only=True)


def simulate(arrivals: Sequence[Arrival], costs: Costs, gpus: int) -> Outcome:
    """Let all edits come and be done.

    Args:
        arrivals: in the order of time.
        costs: of each server, all alike.
        gpus: how many servers there are.
    """
    servers = [Server(costs) for _ in range(gpus)]
    coming, waiting = deque(arrivals), deque[Edit]()
    latencies: list[float] = []
    now = 0.0
    while coming or any(np.isfinite(server.tick_end) for server in servers):
        next_server = min(servers, key=lambda server: server.tick_end)
        if coming and coming[0].second <= next_server.tick_end:
            arrival = coming.popleft()
            now = arrival.second
            waiting.append(Edit(arrival, costs.rows_per_image, arrival.images))
        else:
            now = next_server.tick_end
            latencies += [
                now - edit.arrival.second + costs.beside_seconds for edit in next_server.end_tick()
            ]
        _send(waiting, servers, now)
    seconds = now + costs.beside_seconds - arrivals[0].second
    return Outcome(
        seconds=seconds,
        latencies=tuple(latencies),
        images=sum(arrival.images for arrival in arrivals),
        image_steps=sum(server.ticked_images for server in servers),
        unet_calls=sum(server.ticks for server in servers),
        busy=sum(server.busy_seconds for server in servers) / (gpus * seconds),
    )


def _send(waiting: deque[Edit], servers: Sequence[Server], now: float) -> None:
    while waiting:
        server = min(servers, key=lambda server: server.unfinished_rows)
        after = server.unfinished_rows + waiting[0].rows * waiting[0].unfinished
        if server.unfinished_rows and after > SENT_CALLS * server.costs.max_rows:
            return
        server.take(waiting.popleft(), now)
