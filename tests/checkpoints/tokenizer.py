"""A small byte-level BPE tokenizer of CLIP's kind, with a vocabulary made from a list of words."""

from tokenizers.pre_tokenizers import ByteLevel
from transformers import CLIPTokenizer

WORDS = (
    "a the of on in with and cat dog hat red blue green house tree table photo painting "
    "vase flower sky water sea mountain face hand street night light glass"
).split()
END_OF_WORD = "</w>"


def _merges(word: str) -> list[tuple[str, str]]:
    """Joins the word's letters from left to right: c a, ca t</w>."""
    pieces = [*word[:-1], word[-1] + END_OF_WORD]
    joined = ["".join(pieces[:end]) for end in range(1, len(pieces))]
    return list(zip(joined, pieces[1:], strict=True))


def _vocabulary(merges: list[tuple[str, str]]) -> dict[str, int]:
    """Ids in CLIP's order: bytes, bytes that end a word, merged pieces, the two markers."""
    letters = sorted(ByteLevel.alphabet())
    pieces = [*letters, *(letter + END_OF_WORD for letter in letters)]
    pieces += [first + second for first, second in merges]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    return {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}


def small_tokenizer(pad_token: str = "<|endoftext|>") -> CLIPTokenizer:  # noqa: S107
    """A tokenizer of 77 tokens a chunk whose markers have the two highest ids, as CLIP's have.

    Args:
        pad_token: What fills a chunk: CLIP-L repeats the end marker, OpenCLIP uses "!" (id 0).
    """
    merges = list(dict.fromkeys(pair for word in WORDS for pair in _merges(word)))
    return CLIPTokenizer(
        vocab=_vocabulary(merges), merges=merges, pad_token=pad_token, model_max_length=77
    )
