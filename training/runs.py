"""A training run on disk: where it runs, its checkpoints and how it goes on from them."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import torch


class Stateful(Protocol):
    """Models, optimisers and averages."""

    def state_dict(self) -> dict[str, Any]:
        """What to save."""
        ...

    def load_state_dict(self, state_dict: dict[str, Any], /) -> object:
        """Take over what was saved."""
        ...


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 where the hardware has it: GPUs and newer CPUs."""
    if device.type == "cpu" and not torch.cpu.get_capabilities().get("avx512_bf16"):
        return nullcontext()
    return torch.autocast(device.type, torch.bfloat16)


class Run:
    """A folder of checkpoints, one per stage, each replaced as a whole.

    Args:
        folder: where they lie.
        device: what trains.
        save_every_seconds: time between two checkpoints.
    """

    def __init__(self, folder: Path, device: torch.device, save_every_seconds: float) -> None:
        self.folder, self.device = folder, device
        self._save_every_seconds = save_every_seconds
        self._parts: dict[str, Stateful] = {}
        self._saved = time.monotonic()
        folder.mkdir(parents=True, exist_ok=True)

    def threads(self) -> ThreadPoolExecutor:
        """One thread per core on a CPU, each computing alone; a single one for a GPU."""
        count = (os.cpu_count() or 1) if self.device.type == "cpu" else 1
        return ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,))

    def resume(self, stage: str, parts: dict[str, Stateful]) -> int:
        """Remember what `keep` shall save, load it if it was saved, and return the steps done."""
        self._parts = parts
        path = self._path(stage)
        if not path.exists():
            return 0
        saved = torch.load(path, map_location=self.device, weights_only=True)
        for name, part in parts.items():
            part.load_state_dict(saved[name])
        return int(saved["steps"])

    def keep(self, stage: str, steps: int, of: int) -> bool:
        """Save if some minutes have passed or the stage is at its end; tell whether it did."""
        if steps < of and time.monotonic() - self._saved < self._save_every_seconds:
            return False
        state = {name: part.state_dict() for name, part in self._parts.items()}
        unfinished = self._path(stage).with_suffix(".new")
        torch.save({"steps": steps, **state}, unfinished)
        unfinished.replace(self._path(stage))
        self._saved = time.monotonic()
        return True

    def _path(self, stage: str) -> Path:
        return self.folder / f"{stage}.pt"
