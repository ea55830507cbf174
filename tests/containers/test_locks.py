"""The images get what is tested, and no file that is not named by its hash."""

import re
from pathlib import Path

import pytest

from tests.containers.locks import FOLDER, closure, direct, pins, unhashed

# What torch brings along on Linux, but for its build without CUDA, which tests may run on.
OF_CUDA = re.compile(r"(nvidia|cuda)-|triton$")
TESTED = pins(Path("requirements.lock"))


@pytest.mark.parametrize("lock", sorted(FOLDER.iterdir()), ids=lambda path: path.stem)
def test_a_lock_holds_hashed_packages_in_the_versions_that_are_tested(lock: Path) -> None:
    locked = pins(lock)
    # Of Python 3.11.2 and older alone; tests run on newer ones too.
    locked.pop("async-timeout", None)
    for name in [name for name in locked if OF_CUDA.match(name)]:
        del locked[name]
    assert locked.items() <= TESTED.items(), "run make image-locks"
    assert unhashed(lock) == []


def test_the_frontends_lock_holds_all_that_it_needs() -> None:
    assert closure("frontend") <= pins(FOLDER / "frontend.txt").keys(), "run make image-locks"


def test_the_lock_of_the_export_holds_all_that_it_needs() -> None:
    needed = closure("export") | closure("tensorrt") | closure("frontend")
    assert needed <= pins(FOLDER / "export.txt").keys(), "run make image-locks"


def test_the_lock_of_triton_holds_numpy_and_tokenizers_alone() -> None:
    assert pins(FOLDER / "triton.txt").keys() == direct("triton") == {"numpy", "tokenizers"}
