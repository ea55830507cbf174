"""What Triton would tell an engine backend of a model."""

import json
from pathlib import Path
from typing import Any

from retouch.backends.declaration import Declaration


def declaration(folder: Path, *, output: str = "Y", kind: str = "CPU", **more: Any) -> Declaration:
    """Of a model `square` with one input X, whose version folder is `folder`/1."""
    config = {
        "input": [{"name": "X"}],
        "output": [{"name": output}],
        "max_batch_size": 8,
        **more,
    }
    args = {
        "model_name": "square",
        "model_config": json.dumps(config),
        "model_repository": str(folder),
        "model_version": "1",
        "model_instance_kind": kind,
        "model_instance_device_id": "0",
    }
    return Declaration.from_triton(args, "model.onnx")


def parameters(**values: str) -> dict[str, Any]:
    """The config's entry for them."""
    return {"parameters": {key: {"string_value": value} for key, value in values.items()}}
