"""Writes a checkpoint's tokenizer in the format of the `tokenizers` library."""

import json
from pathlib import Path
from typing import Any

from transformers import CLIPTokenizer

from export.checkpoint import Checkpoint
from export.errors import CheckpointError, UnsupportedError
from export.geometry import PROMPT_TOKENS

TOKENIZER_FILE = "tokenizer.json"


def write_tokenizer(checkpoint: Checkpoint, folder: Path) -> dict[str, str]:
    """Writes tokenizer.json.

    Args:
        checkpoint: Of which the tokenizer is; a second one must have the same words.
        folder: The tokenizer model's version folder.

    Returns:
        The tokenizer config's parameters: what pads a chunk, for each text encoder.

    Raises:
        CheckpointError: a tokenizer cannot be read.
        UnsupportedError: it does not make chunks of 77, or the second one has other words.
    """
    first = _load(checkpoint, "tokenizer")
    backend = first.backend_tokenizer
    backend.no_truncation()
    backend.no_padding()
    backend.save(str(folder / TOKENIZER_FILE))
    parameters = {"pad_token_id": str(first.pad_token_id)}
    if checkpoint.index.get("tokenizer_2"):
        second = _load(checkpoint, "tokenizer_2")
        if _words(first) != _words(second):
            raise UnsupportedError("the two tokenizers have different words")
        parameters["pad_token_id_2"] = str(second.pad_token_id)
    return parameters


def _load(checkpoint: Checkpoint, name: str) -> CLIPTokenizer:
    try:
        tokenizer = CLIPTokenizer.from_pretrained(checkpoint.folder / name)
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{name} cannot be loaded: {error}") from error
    if tokenizer.model_max_length != PROMPT_TOKENS:
        raise UnsupportedError(
            f"{name} makes chunks of {tokenizer.model_max_length} tokens, not {PROMPT_TOKENS}"
        )
    return tokenizer


def _words(tokenizer: CLIPTokenizer) -> Any:
    """Vocabulary and merges, without the markers and the padding."""
    return json.loads(tokenizer.backend_tokenizer.to_str())["model"]
