"""The peers, and how each is given the task."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from benchmarks.peers.conversation import conversation
from benchmarks.peers.environment import CHECKPOINT, CONVERTED, Environment
from benchmarks.peers.programs.task import Task
from benchmarks.peers.turns import Edit

ROOT: Final = Path(__file__).parents[2]
PROGRAMS: Final = "benchmarks.peers.programs"


@dataclass(frozen=True)
class Peer:
    """One of them.

    Attributes:
        name: in the table, with its precision.
        environment: name of its environment.
        program: and its arguments after the task.
        convert: a command of its environment that makes what it loads of a checkpoint, if any.
    """

    name: str
    environment: str
    program: tuple[str, ...]
    convert: tuple[str, ...] = ()

    @contextmanager
    def painting(self, task: Task, file: Path, kept: Path) -> Iterator[Edit]:
        """Load what it needs for a task; see `programs.task.measure` for what it leaves.

        Args:
            task: its `model` is the checkpoint's folder.
            file: where the task is to be written for the peer.
            kept: folder for environments and converted checkpoints, kept between runs.

        Raises:
            ProgramFailed: it has failed, or what it needs could not be made.
        """
        environment = Environment(self.environment, kept.resolve())
        environment.install()
        if self.convert:
            model = environment.converted(Path(task.model), self.convert)
            task = replace(task, model=str(model))
        task.write(file)
        program, *arguments = self.program
        python = str(environment.binaries / "python")
        command = [python, "-m", f"{PROGRAMS}.{program}", str(file), *arguments]
        with conversation(command, ROOT) as edit:
            yield edit


def _optimum(format_: str, *options: str) -> tuple[str, ...]:
    asked = ("--model", CHECKPOINT, "--task", "inpainting")
    return ("optimum-cli", "export", format_, *asked, *options, CONVERTED)


PEERS: Final[Sequence[Peer]] = (
    Peer("diffusers, fp32", "diffusers", ("diffusers_pipeline", "float32")),
    Peer("diffusers, bf16", "diffusers", ("diffusers_pipeline", "bfloat16")),
    Peer("diffusers compiled, bf16", "diffusers", ("diffusers_pipeline", "bfloat16", "compile")),
    Peer("optimum-onnx, fp32", "optimum-onnx", ("optimum_onnx",), _optimum("onnx")),
    Peer(
        "openvino-genai, bf16 or fp32",
        "openvino-genai",
        ("openvino_genai_peer",),
        _optimum("openvino", "--weight-format", "fp32"),
    ),
    Peer("stable-diffusion.cpp, fp16", "stable-diffusion-cpp", ("stable_diffusion_cpp_peer",)),
)
