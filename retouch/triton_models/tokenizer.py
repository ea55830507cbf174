"""The tokenizer model: prompts -> token ids."""

from __future__ import annotations  # Triton's module lacks some of its types at run time

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import triton_python_backend_utils as pb_utils

from retouch.parameters import Parameters
from retouch.prompts import PromptTokenizer


class TokenizerModel:
    """A Python model around the `tokenizer.json` in its version folder."""

    def initialize(self, args: dict[str, Any]) -> None:
        """Reads the vocabulary.

        Args:
            args: `model_config` (JSON), `model_repository` (the model's folder) and
                `model_version`, from Triton.

        Raises:
            ValueError: the file or a parameter is missing or malformed.
        """
        version_folder = Path(args["model_repository"]) / str(args["model_version"])
        self._tokenizer = PromptTokenizer(version_folder / "tokenizer.json")
        parameters = Parameters(args["model_config"])
        self._pad_token_ids = {"INPUT_IDS": parameters.integer("pad_token_id")}
        if "pad_token_id_2" in parameters:  # the model has a second text encoder
            self._pad_token_ids["INPUT_IDS_2"] = parameters.integer("pad_token_id_2")

    def execute(
        self, requests: Sequence[pb_utils.InferenceRequest]
    ) -> list[pb_utils.InferenceResponse]:
        """Tokenizes each request's two prompts."""
        return [self._answer(request) for request in requests]

    def _answer(self, request: pb_utils.InferenceRequest) -> pb_utils.InferenceResponse:
        negative_prompt, prompt = _text(request, "NEGATIVE_PROMPT"), _text(request, "PROMPT")
        pad_token_ids = tuple(self._pad_token_ids.values())
        ids = self._tokenizer.encode(negative_prompt, prompt, pad_token_ids)
        outputs = dict(zip(self._pad_token_ids, ids, strict=True)) | {
            "TOKENS": np.array(
                [self._tokenizer.count(negative_prompt), self._tokenizer.count(prompt)], np.int32
            )
        }
        return pb_utils.InferenceResponse(
            [pb_utils.Tensor(name, array) for name, array in outputs.items()]
        )


def _text(request: pb_utils.InferenceRequest, name: str) -> str:
    """A declared input; the loop has checked that it is UTF-8."""
    tensor = pb_utils.get_input_tensor_by_name(request, name)
    if tensor is None:
        raise ValueError(f"{name} is missing")
    text: bytes = tensor.as_numpy().item()
    return text.decode()
