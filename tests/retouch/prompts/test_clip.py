"""Tokenization against transformers' CLIP tokenizer."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizer

from retouch.prompts import PromptTokenizer

START, END = "<|startoftext|>", "<|endoftext|>"
Tokenizers = tuple[CLIPTokenizer, PromptTokenizer]


@pytest.fixture(scope="module")
def tokenizers(tmp_path_factory: pytest.TempPathFactory) -> Tokenizers:
    """A tiny byte-pair vocabulary in both implementations."""
    letters = sorted(ByteLevel.alphabet())
    words = [*letters, *(f"{letter}</w>" for letter in letters), "ca", "cat</w>", "re", "red</w>"]
    merges = [("c", "a"), ("ca", "t</w>"), ("r", "e"), ("re", "d</w>")]
    vocabulary = {word: index for index, word in enumerate([*words, START, END])}
    # Its annotation lacks the pairs that the byte-pair model takes.
    reference = CLIPTokenizer(vocab=vocabulary, merges=merges)  # type: ignore[arg-type]
    folder = tmp_path_factory.mktemp("tokenizer")
    reference.save_pretrained(folder)
    return reference, PromptTokenizer(Path(folder) / "tokenizer.json")


def expected(reference: CLIPTokenizer, text: str) -> list[int]:
    """One padded chunk by transformers."""
    ids: list[int] = reference(text, padding="max_length", max_length=77)["input_ids"]
    return ids


@given(prompt=st.text(max_size=18), negative=st.text(max_size=18))
def test_short_prompts_equal_transformers(
    tokenizers: Tokenizers, prompt: str, negative: str
) -> None:
    reference, tokenizer = tokenizers
    (ids,) = tokenizer.encode(negative, prompt, (reference.pad_token_id,))
    assert ids.tolist() == [expected(reference, negative), expected(reference, prompt)]


def test_each_text_encoder_gets_its_own_padding(tokenizers: Tokenizers) -> None:
    reference, tokenizer = tokenizers
    first, second = tokenizer.encode("", "a red cat", (reference.pad_token_id, 0))
    end = first[1].tolist().index(reference.eos_token_id)
    assert first.dtype == second.dtype == np.int64
    assert np.array_equal(first[1, : end + 1], second[1, : end + 1])
    assert set(first[1, end:]) == {reference.eos_token_id}
    assert set(second[1, end + 1 :]) == {0}


@pytest.mark.parametrize(("words", "chunks"), [(0, 1), (75, 1), (76, 2), (150, 2), (151, 3)])
def test_a_long_prompt_is_split_and_not_cut(
    tokenizers: Tokenizers, words: int, chunks: int
) -> None:
    reference, tokenizer = tokenizers
    (ids,) = tokenizer.encode("red", " ".join(["cat"] * words), (reference.pad_token_id,))
    assert ids.shape == (2 * chunks, 77)
    assert np.sum(ids[chunks:] == reference.convert_tokens_to_ids("cat</w>")) == words
    assert set(ids[:, 0]) == {reference.bos_token_id}


def test_the_shorter_prompt_is_filled_with_empty_chunks(tokenizers: Tokenizers) -> None:
    reference, tokenizer = tokenizers
    (ids,) = tokenizer.encode(" ".join(["cat"] * 100), "red", (reference.pad_token_id,))
    assert ids[2].tolist() == expected(reference, "red")
    assert ids[3].tolist() == expected(reference, "")


def test_a_file_with_truncation_still_cuts_nothing(tokenizers: Tokenizers, tmp_path: Path) -> None:
    reference, _ = tokenizers
    backend = reference.backend_tokenizer
    backend.enable_truncation(5)
    backend.enable_padding(length=9)
    backend.save(str(tmp_path / "tokenizer.json"))
    backend.no_truncation()
    backend.no_padding()
    tokenizer = PromptTokenizer(tmp_path / "tokenizer.json")
    (ids,) = tokenizer.encode("", " ".join(["cat"] * 76), (0,))
    assert ids.shape == (4, 77)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.json"):
        PromptTokenizer(tmp_path / "nowhere.json")
