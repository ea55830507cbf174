"""`config.pbtxt` files, by Triton's own definition."""

import os
from pathlib import Path

from google.protobuf import text_format
from tritonclient.grpc.model_config_pb2 import ModelConfig

from retouch.releases.errors import ReleaseError

CONFIG_FILE = "config.pbtxt"


def read_config(file: Path) -> ModelConfig:
    """Read one.

    Raises:
        ReleaseError: it is missing or cannot be understood.
    """
    try:
        return text_format.Parse(file.read_text(encoding="utf-8"), ModelConfig())
    except (OSError, text_format.ParseError) as error:
        raise ReleaseError(f"{file} cannot be read: {error}") from error


def write_config(config: ModelConfig, file: Path) -> None:
    """Write one, whole or not at all."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text_format.MessageToString(config), encoding="utf-8")
    os.replace(beside, file)  # noqa: PTH105 - atomic
