"""Features that stand in for those of later steps."""

import torch

from tests.retouch.denoise.torch_models import tiny_unet
from training.reuse import features_passing, reusing


def given(interval: int, steps: int, calls: int) -> list[int]:
    """Which call's features each call gets."""
    change = reusing(interval, steps)
    return [int(change(torch.tensor(call))) for call in range(calls)]


def test_the_first_step_of_an_interval_lends_its_features_to_the_others() -> None:
    assert given(interval=1, steps=4, calls=4) == [0, 1, 2, 3]
    assert given(interval=3, steps=7, calls=7) == [0, 0, 0, 3, 3, 3, 6]


def test_intervals_begin_anew_with_every_edit() -> None:
    assert given(interval=2, steps=3, calls=6) == [0, 0, 2, 3, 3, 5]


def test_features_decide_what_a_unet_foretells_until_the_hook_is_gone() -> None:
    unet = tiny_unet(4, xl=False)
    inputs = torch.randn(1, 4, 4, 4), torch.tensor([500.0]), torch.randn(1, 77, 16)
    with torch.no_grad():
        before = unet(*inputs).sample
        with features_passing(unet, torch.zeros_like):
            other = unet(*inputs).sample
        assert torch.equal(unet(*inputs).sample, before)
    assert not torch.allclose(other, before, atol=1e-2)
