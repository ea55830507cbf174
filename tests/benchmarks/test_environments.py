"""Other people's programs, and what is told of one that fails."""

import sys

import pytest

from benchmarks.environments import ProgramFailed, run


def test_a_programs_output_comes_back() -> None:
    assert run([sys.executable, "-c", "print('fine')"]) == "fine\n"


def test_of_a_program_that_fails_its_last_line_is_told() -> None:
    with pytest.raises(ProgramFailed, match=r"^exit code 1: ValueError: too small$"):
        run([sys.executable, "-c", "print('begins')\nraise ValueError('too small')"])


def test_a_program_that_says_nothing_is_told_by_its_exit_code() -> None:
    with pytest.raises(ProgramFailed, match=r"^exit code 7: $"):
        run([sys.executable, "-c", "raise SystemExit(7)"])
