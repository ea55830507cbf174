"""The tokenizer is CLIP's own, with words of ours."""

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from transformers import CLIPTokenizer

from training.supply import tokens
from training.vocabulary import MAX_TOKENS, captions, read_tokenizer, write_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokenizer")
    write_tokenizer(path, captions(400, seed=1))
    return path


def test_words_of_captions_take_one_token_each(folder: Path) -> None:
    assert len(read_tokenizer(folder)("a red circle")["input_ids"]) == 2 + 3


def test_any_text_can_be_written(folder: Path) -> None:
    tokenizer = read_tokenizer(folder)
    numbers = tokenizer("ein Bär, naïve 熊")["input_ids"]
    assert max(numbers) == len(tokenizer) - 1
    assert numbers.count(tokenizer.unk_token_id) == 1  # the end marker alone


def test_the_three_files_agree(folder: Path) -> None:
    text = "draw a purple star, please"
    from_parts = CLIPTokenizer(str(folder / "vocab.json"), str(folder / "merges.txt"))
    whole = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert from_parts(text)["input_ids"] == whole.encode(text).ids


def test_the_markers_are_the_last_two_tokens(folder: Path) -> None:
    tokenizer = read_tokenizer(folder)
    assert tokenizer.bos_token_id == len(tokenizer) - 2
    assert tokenizer.eos_token_id == tokenizer.pad_token_id == len(tokenizer) - 1


def test_every_prompt_becomes_77_tokens(folder: Path) -> None:
    rows = tokens(read_tokenizer(folder), ["", "red " * 100])
    assert rows.shape == (2, MAX_TOKENS)
