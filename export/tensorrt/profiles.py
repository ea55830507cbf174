"""Optimization profiles: which shapes a plan takes, and which of them it is made fast for."""

from dataclasses import dataclass

from tritonclient.grpc.model_config_pb2 import ModelConfig, ModelInput

from export.geometry import PROMPT_TOKENS
from export.refine import FREE

Shape = tuple[int, ...]
# A prompt has 1000 characters of at most 4 bytes each, and at worst a token is one byte.
MOST_CHUNKS = -(-4 * 1000 // (PROMPT_TOKENS - 2))


@dataclass(frozen=True)
class Span:
    """The sizes that a free dimension has.

    Attributes:
        least: The smallest.
        usual: What the plan is made fast for.
        most: The largest.
    """

    least: int
    usual: int
    most: int


@dataclass(frozen=True)
class Bounds:
    """The shapes of one input in one profile."""

    least: Shape
    usual: Shape
    most: Shape


Profile = dict[str, Bounds]
ONE_CHUNK = Span(PROMPT_TOKENS, PROMPT_TOKENS, PROMPT_TOKENS)
LONG_PROMPTS = Span(2 * PROMPT_TOKENS, 2 * PROMPT_TOKENS, MOST_CHUNKS * PROMPT_TOKENS)


def profiles(config: ModelConfig) -> list[Profile]:
    """The profiles of a graph: one for the usual prompts, and a second where prompts can be long.

    Rows go from 1 to the config's `max_batch_size`. Half of that is the steady state that the plan
    is made fast for. In the first profile the number of tokens is fixed, so nothing but the rows
    is free in it.

    Args:
        config: The graph's refined config, with the working resolution in it.
    """
    long_too = any(_counts_tokens(tensor, config) for tensor in config.input)
    spans = [ONE_CHUNK, LONG_PROMPTS] if long_too else [ONE_CHUNK]
    return [{t.name: _bounds(t, config, tokens) for t in config.input} for tokens in spans]


def usual_dims(config: ModelConfig) -> dict[str, Shape]:
    """Each input's dimensions as its config counts them, for the usual prompts."""
    first = profiles(config)[0]
    skipped = 1 if config.max_batch_size else 0
    return {name: bounds.usual[skipped:] for name, bounds in first.items()}


def _counts_tokens(tensor: ModelInput, config: ModelConfig) -> bool:
    return config.max_batch_size > 0 and FREE in tensor.dims


def _bounds(tensor: ModelInput, config: ModelConfig, tokens: Span) -> Bounds:
    if config.max_batch_size:
        rows = Span(1, max(1, config.max_batch_size // 2), config.max_batch_size)
        spans = [rows, *(_span(size, tokens) for size in tensor.dims)]
    else:  # the rows are the chunks of two prompts
        rows = Span(1, 2, 2 * MOST_CHUNKS)
        spans = [_span(size, rows) for size in tensor.dims]
    return Bounds(
        tuple(span.least for span in spans),
        tuple(span.usual for span in spans),
        tuple(span.most for span in spans),
    )


def _span(size: int, free: Span) -> Span:
    return free if size == FREE else Span(size, size, size)
