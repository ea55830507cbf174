"""CLIP's tokenization in chunks of 77, so that no prompt is cut."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

CHUNK_TOKENS = 77  # what CLIP's text encoders take: two markers and 75 tokens
TokenIds = npt.NDArray[np.int64]
Chunks = list[list[int]]


class PromptTokenizer:
    """A checkpoint's tokenizer."""

    def __init__(self, tokenizer_json: Path) -> None:
        """Reads the vocabulary, and the two markers from what an empty prompt becomes.

        Args:
            tokenizer_json: in the format of the `tokenizers` library.

        Raises:
            ValueError: the file cannot be read, or it is not of CLIP's kind.
        """
        self._tokenizer = _load(tokenizer_json)
        markers = self._tokenizer.encode("").ids
        if len(markers) != 2:
            raise ValueError(
                f"{tokenizer_json} does not put a start and an end marker around a text"
            )
        self._start, self._end = markers

    def encode(
        self, negative_prompt: str, prompt: str, pad_token_ids: tuple[int, ...]
    ) -> tuple[TokenIds, ...]:
        """Token ids of both prompts, once for each text encoder.

        The shorter prompt is filled up with empty chunks, so that both have the same number.

        Args:
            negative_prompt: may be empty.
            prompt: may be empty.
            pad_token_ids: what fills a chunk behind its end marker, for each text encoder.

        Returns:
            For each of `pad_token_ids`: (2 * chunks, 77), the negative prompt's chunks first.
        """
        negative, positive = self._chunks(negative_prompt), self._chunks(prompt)
        count = max(len(negative), len(positive))
        chunks = _lengthened(negative, count) + _lengthened(positive, count)
        return tuple(self._padded(chunks, pad_token_id) for pad_token_id in pad_token_ids)

    def count(self, text: str) -> int:
        """How many tokens a text has, markers and padding left out."""
        return len(self._tokens(text))

    def _tokens(self, text: str) -> list[int]:
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def _chunks(self, text: str) -> Chunks:
        """The tokens without markers, at most 75 to a chunk and at least one chunk."""
        tokens = self._tokens(text)
        size = CHUNK_TOKENS - 2
        return [tokens[at : at + size] for at in range(0, max(len(tokens), 1), size)]

    def _padded(self, chunks: Chunks, pad_token_id: int) -> TokenIds:
        """Chunks with markers and padding, (len(chunks), 77)."""
        ids = np.full((len(chunks), CHUNK_TOKENS), pad_token_id, np.int64)
        for row, chunk in zip(ids, chunks, strict=True):
            row[: len(chunk) + 2] = [self._start, *chunk, self._end]
        return ids


def _lengthened(chunks: Chunks, count: int) -> Chunks:
    return chunks + [[]] * (count - len(chunks))


def _load(tokenizer_json: Path) -> Tokenizer:
    """The tokenizer without the truncation and padding that a file may carry along."""
    try:
        tokenizer = Tokenizer.from_file(str(tokenizer_json))
    except Exception as error:  # the library raises bare exceptions
        raise ValueError(f"{tokenizer_json}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
