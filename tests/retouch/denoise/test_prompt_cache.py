"""Prompts that come again are not encoded again, and never mixed up."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from retouch.denoise import CachingEngines, Edit, Encoded, PixelArray, PromptCache
from retouch.denoise.prompt_cache import EncodedPrompts
from tests.retouch.denoise.fakes import FakeEngines, edit

ENTRY = EncodedPrompts(np.zeros((2, 77, 3), np.float32), np.zeros((2, 3), np.float32))


def encode(engines: FakeEngines | CachingEngines, one: Edit) -> Encoded:
    return engines.encode(one.image, one.mask, one.prompt, one.negative_prompt)


def assert_same(found: Encoded, wanted: Encoded) -> None:
    for one, other in zip(found, wanted, strict=True):
        assert one is not None
        assert other is not None
        np.testing.assert_array_equal(one, other)


def test_known_prompts_give_the_same_for_another_window() -> None:
    engines = FakeEngines()
    caching = CachingEngines(engines, PromptCache())
    first, second = edit(0, prompt="a hat"), edit(1, prompt="a hat")
    encode(caching, first)
    assert_same(encode(caching, second), encode(FakeEngines(), second))
    assert engines.encoded == ["a hat"]


@pytest.mark.parametrize(
    ("prompt", "negative_prompt"), [("a cat", "blurry"), ("a hat", ""), ("blurry", "a hat")]
)
def test_another_prompt_or_negative_prompt_is_encoded(prompt: str, negative_prompt: str) -> None:
    engines = FakeEngines()
    caching = CachingEngines(engines, PromptCache())
    encode(caching, edit(prompt="a hat", negative_prompt="blurry"))
    other = edit(prompt=prompt, negative_prompt=negative_prompt)
    assert_same(encode(caching, other), encode(FakeEngines(), other))
    assert engines.encoded == ["a hat", prompt]


def test_what_an_engine_does_with_its_arrays_later_does_not_show() -> None:
    given: list[Encoded] = []

    class Reusing(FakeEngines):
        def encode(
            self, image: PixelArray, mask: PixelArray, prompt: str, negative_prompt: str
        ) -> Encoded:
            given.append(super().encode(image, mask, prompt, negative_prompt))
            return given[-1]

    caching = CachingEngines(Reusing(), PromptCache())
    encode(caching, edit())
    given[0].embeddings[:] = np.nan
    assert_same(encode(caching, edit()), encode(FakeEngines(), edit()))


def test_a_failure_is_not_kept() -> None:
    failures = iter([True])

    def fail_once(_: str) -> None:
        if next(failures, False):
            raise RuntimeError("encoder broke")

    caching = CachingEngines(FakeEngines(on_encode=fail_once), PromptCache())
    with pytest.raises(RuntimeError):
        encode(caching, edit())
    assert_same(encode(caching, edit()), encode(FakeEngines(), edit()))


def test_the_least_recently_used_go_when_the_bytes_are_used_up() -> None:
    cache = PromptCache(most_bytes=3 * ENTRY.bytes)
    for name in "abc":
        cache.put((name, ""), ENTRY)
    assert cache.get(("a", "")) is ENTRY
    cache.put(("d", ""), ENTRY)
    assert [name for name in "abcd" if cache.get((name, "")) is ENTRY] == ["a", "c", "d"]


def test_an_entry_that_is_put_again_counts_once() -> None:
    cache = PromptCache(most_bytes=2 * ENTRY.bytes)
    cache.put(("a", ""), ENTRY)
    for _ in range(5):
        cache.put(("b", ""), ENTRY)
    assert cache.get(("a", "")) is ENTRY


def test_an_entry_that_is_too_large_is_not_kept() -> None:
    cache = PromptCache(most_bytes=ENTRY.bytes - 1)
    cache.put(("a", ""), ENTRY)
    assert cache.get(("a", "")) is None


def test_many_threads_get_what_belongs_to_their_prompts() -> None:
    caching = CachingEngines(FakeEngines(), PromptCache(most_bytes=5 * ENTRY.bytes))
    edits = [edit(seed) for seed in range(10)]
    wanted = [encode(FakeEngines(), one) for one in edits]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(20):
            for found, right in zip(
                threads.map(lambda one: encode(caching, one), edits), wanted, strict=True
            ):
                assert_same(found, right)
