"""A byte-level BPE vocabulary in CLIP's layout, learnt from the captions themselves.

The layout is CLIP's: 256 bytes, the same 256 as ends of words, one token per merge, start, end.
Any text can be written with it; words of captions take one token each.
"""

import json
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Final

from tokenizers import Regex, normalizers, pre_tokenizers
from transformers import CLIPTokenizer

from training.scenes import draw_scene

MAX_TOKENS: Final = 77
START: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"
_END_OF_WORD: Final = "</w>"
_WORDS: Final = pre_tokenizers.Sequence(
    [
        pre_tokenizers.Split(Regex(r"[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ]
)

Word = tuple[str, ...]


def captions(count: int, seed: int) -> list[str]:
    """The captions of the first `count` scenes of a seed, drawn small for speed."""
    return [draw_scene(seed, index, side=64).caption for index in range(count)]


def count_words(texts: list[str]) -> Counter[Word]:
    """How often each word occurs, as its symbols; the last carries the end-of-word mark."""
    normal = normalizers.Lowercase()
    words: Counter[Word] = Counter()
    for text in texts:
        for piece, _ in _WORDS.pre_tokenize_str(normal.normalize_str(text)):
            words[(*piece[:-1], piece[-1] + _END_OF_WORD)] += 1
    return words


def learn_merges(words: Counter[Word]) -> list[tuple[str, str]]:
    """Byte-pair merges, most frequent pair first, until every word is one token."""
    merges: list[tuple[str, str]] = []
    while pairs := _count_pairs(words):
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        words = Counter({_merged(word, best): count for word, count in words.items()})
    return merges


def _count_pairs(words: Counter[Word]) -> Counter[tuple[str, str]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] += count
    return pairs


def _merged(word: Word, pair: tuple[str, str]) -> Word:
    symbols: list[str] = []
    for symbol in word:
        if symbols and (symbols[-1], symbol) == pair:
            symbols[-1] += symbol
        else:
            symbols.append(symbol)
    return tuple(symbols)


def vocabulary(merges: list[tuple[str, str]]) -> dict[str, int]:
    """Token -> id in CLIP's order."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    endings = [letter + _END_OF_WORD for letter in alphabet]
    tokens = [*alphabet, *endings, *("".join(pair) for pair in merges), START, END]
    return {token: number for number, token in enumerate(dict.fromkeys(tokens))}


def write_tokenizer(folder: Path, texts: list[str]) -> None:
    """Learn a vocabulary from texts and write it as a CLIPTokenizer's folder."""
    merges = learn_merges(count_words(texts))
    folder.mkdir(parents=True, exist_ok=True)
    tokens = vocabulary(merges)
    tokenizer = CLIPTokenizer(tokens, merges, model_max_length=MAX_TOKENS)
    tokenizer.save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps(tokens, ensure_ascii=False), "utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", "utf-8")


def read_tokenizer(folder: Path) -> CLIPTokenizer:
    """The tokenizer of a folder that `write_tokenizer` wrote."""
    return CLIPTokenizer.from_pretrained(folder)
