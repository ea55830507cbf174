"""Many requests in one engine call, and an error that stays with the request that caused it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from retouch.backends.engine import Array, Engine, Tensors, signature

Outcome = dict[str, Array] | Exception


def run_requests(
    engine: Engine, requests: Sequence[Tensors], output_names: list[str], *, batched: bool
) -> list[Outcome]:
    """Answer every request, in order, with its outputs or its own error.

    Args:
        engine: the loaded graph.
        requests: the inputs of each request; their first axis is the rows if `batched`.
        output_names: what to compute.
        batched: whether requests may share a call (the model's `max_batch_size` is above 0).

    Returns:
        One outcome for each request. An error in a shared call is searched for by running its
        requests one by one, so that only the request at fault gets it.
    """
    outcomes: dict[int, Outcome] = {}
    for group in _groups(requests, batched=batched):
        outcomes.update(_run_group(engine, requests, group, output_names))
    return [outcomes[index] for index in range(len(requests))]


def _groups(requests: Sequence[Tensors], *, batched: bool) -> Iterator[list[int]]:
    if not batched:
        yield from ([index] for index in range(len(requests)))
        return
    by_signature = defaultdict(list)
    for index, inputs in enumerate(requests):
        by_signature[signature(inputs)].append(index)
    yield from by_signature.values()


def _run_group(
    engine: Engine, requests: Sequence[Tensors], group: list[int], output_names: list[str]
) -> dict[int, Outcome]:
    members = [requests[index] for index in group]
    try:
        return dict(zip(group, _run_stacked(engine, members, output_names), strict=True))
    except Exception as error:
        if len(group) == 1:
            return {group[0]: error}
    outcomes: dict[int, Outcome] = {}
    for index in group:
        outcomes.update(_run_group(engine, requests, [index], output_names))
    return outcomes


def _run_stacked(
    engine: Engine, members: list[Tensors], output_names: list[str]
) -> list[dict[str, Array]]:
    if len(members) == 1:  # no copy of the tensors, and no need of a row axis
        return [engine.run(members[0], output_names)]
    stacked = {name: np.concatenate([inputs[name] for inputs in members]) for name in members[0]}
    outputs = engine.run(stacked, output_names)
    ends = np.cumsum([_rows(inputs) for inputs in members])[:-1]
    split = {name: np.split(value, ends) for name, value in outputs.items()}
    return [{name: split[name][i] for name in outputs} for i in range(len(members))]


def _rows(inputs: Tensors) -> int:
    return len(next(iter(inputs.values())))
