"""Has our models import the stand-in for Triton's module, and nobody else."""

import sys

from tests.retouch.triton_models import fake_pb_utils

NAME = "triton_python_backend_utils"

present = sys.modules.get(NAME)
sys.modules[NAME] = fake_pb_utils
import retouch.triton_models.edit  # noqa: E402 needs the stand-in
import retouch.triton_models.tokenizer  # noqa: E402, F401

del sys.modules[NAME]
if present is not None:
    sys.modules[NAME] = present
