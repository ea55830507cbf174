"""optimum-onnx, from a folder that `optimum-cli export onnx` has written."""

from onnxruntime import SessionOptions
from optimum.onnxruntime import ORTStableDiffusionInpaintPipeline

from benchmarks.peers.programs.pipelines import painter
from benchmarks.peers.programs.task import Task, measure


def main() -> None:
    """Load the graphs and do the task."""
    task = Task.from_command_line()
    options = SessionOptions()
    options.intra_op_num_threads = task.threads
    pipeline = ORTStableDiffusionInpaintPipeline.from_pretrained(
        task.model, session_options=options
    )
    measure(task, painter(pipeline, task))


if __name__ == "__main__":
    main()
