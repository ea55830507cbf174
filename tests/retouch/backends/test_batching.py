from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouch.backends.batching import run_requests
from retouch.backends.engine import Array, Tensors


class Doubler:
    """Doubles its rows and refuses NaN, as an engine refuses what it can't compute."""

    def __init__(self) -> None:
        self.calls: list[int] = []

    def run(self, inputs: Tensors, output_names: list[str]) -> dict[str, Array]:
        self.calls.append(len(inputs["X"]))
        if np.isnan(inputs["X"]).any():
            raise ValueError("not a number")
        return dict.fromkeys(output_names, 2 * inputs["X"])


def rows(*values: float) -> Tensors:
    return {"X": np.array(values, np.float32)[:, None]}


def answers(engine: Doubler, requests: Sequence[Tensors], *, batched: bool = True) -> list[object]:
    outcomes = run_requests(engine, requests, ["Y"], batched=batched)
    return [o if isinstance(o, Exception) else o["Y"][:, 0].tolist() for o in outcomes]


def test_requests_of_one_shape_share_a_call() -> None:
    engine = Doubler()
    assert answers(engine, [rows(1), rows(2, 3), rows(4)]) == [[2], [4, 6], [8]]
    assert engine.calls == [4]


def test_requests_of_different_shapes_do_not_share_a_call_and_keep_their_order() -> None:
    engine = Doubler()
    wide: Tensors = {"X": np.array([[5, 6]], np.float32)}
    outcomes = run_requests(engine, [rows(1), wide, rows(2)], ["Y"], batched=True)
    values = [o["Y"].tolist() for o in outcomes if not isinstance(o, Exception)]
    assert values == [[[2]], [[10, 12]], [[4]]]
    assert engine.calls == [2, 1]


def test_a_model_without_batches_runs_each_request_alone() -> None:
    engine = Doubler()
    assert answers(engine, [rows(1), rows(2)], batched=False) == [[2], [4]]
    assert engine.calls == [1, 1]


def test_an_error_reaches_only_the_request_that_caused_it() -> None:
    first, second, third = answers(Doubler(), [rows(1), rows(np.nan), rows(3)])
    assert (first, third) == ([2], [6])
    assert isinstance(second, ValueError)


def test_the_only_request_of_a_failing_call_is_not_run_twice() -> None:
    engine = Doubler()
    assert isinstance(answers(engine, [rows(np.nan)])[0], ValueError)
    assert engine.calls == [1]


@given(st.lists(st.lists(st.floats(-1e6, 1e6, width=32), min_size=1, max_size=4), max_size=8))
def test_every_request_gets_its_own_rows_back(values: list[list[float]]) -> None:
    got = answers(Doubler(), [rows(*request) for request in values])
    assert got == [pytest.approx([2 * value for value in request]) for request in values]
