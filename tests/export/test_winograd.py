"""Convolutions by minimal filtering, against PyTorch's own."""

from pathlib import Path
from typing import Any

import openvino as ov
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from export import winograd
from export.contracts import Role
from export.exporter import export_checkpoint
from export.openvino_writer import IR_FILE
from export.request import Engine, ExportRequest, Precision
from export.winograd import WinogradConvolution, filtering_minimally
from retouch.backends.openvino_compiled import has_bf16
from tests.export.layers import computed_in_bf16

sizes = st.integers(1, 9)
WIDE = winograd.LEAST_CHANNELS
MOST_ROUNDING = 2.5  # of one convolution: sums of its input and of its products are rounded too


def _plain(channels: int, out: int, **options: Any) -> nn.Conv2d:
    convolution = nn.Conv2d(channels, out, **{"kernel_size": 3, "padding": 1} | options)
    return convolution.requires_grad_(requires_grad=False)


def _filtered(layer: nn.Module, side: int, channels: int = WIDE) -> bool:
    """Whether a layer of a network that is served with pictures of this size does less."""
    network = nn.Sequential(layer)
    with filtering_minimally(network, {"X": torch.zeros(1, channels, side, side).numpy()}):
        return isinstance(network[0], WinogradConvolution)


@given(channels=sizes, out=sizes, half=sizes, width=sizes, bias=st.booleans(), seed=sizes)
def test_minimal_filtering_gives_what_pytorch_gives(
    channels: int, out: int, half: int, width: int, bias: bool, seed: int
) -> None:
    torch.manual_seed(seed)
    convolution = _plain(channels, out, bias=bias)
    hidden = torch.randn(2, channels, 2 * half, width)
    torch.testing.assert_close(
        WinogradConvolution(convolution)(hidden), convolution(hidden), rtol=1e-4, atol=1e-5
    )


def test_it_takes_a_third_of_the_products_away() -> None:
    convolution = _plain(4, 6)
    products = sum(kernel.numel() for kernel in WinogradConvolution(convolution).kernels)
    assert 3 * products == 2 * 2 * convolution.weight.numel()  # for each two rows of results


def test_a_network_has_its_own_layers_back() -> None:
    network = nn.Sequential(_plain(WIDE, WIDE), nn.ReLU(), _plain(WIDE, WIDE))
    layers, hidden = list(network.modules()), torch.randn(1, WIDE, 8, 5)
    wanted = network(hidden)
    with filtering_minimally(network, {"X": hidden.numpy()}):
        assert [type(layer) for layer in network] == [
            WinogradConvolution,
            nn.ReLU,
            WinogradConvolution,
        ]
        torch.testing.assert_close(network(hidden), wanted, rtol=1e-4, atol=1e-5)
    assert list(network.modules()) == layers


@pytest.mark.skipif(not has_bf16(), reason="this CPU has no bfloat16")
def test_bf16_costs_little_more_than_in_all_products(tmp_path: Path) -> None:
    torch.manual_seed(0)
    network, hidden = nn.Sequential(_plain(WIDE, WIDE)), torch.randn(1, WIDE, 16, 16)
    wanted, own = network(hidden), computed_in_bf16(network, hidden, tmp_path)
    with filtering_minimally(network, {"X": hidden.numpy()}):
        found = computed_in_bf16(network, hidden, tmp_path)
    assert 0 < (own - wanted).std() < (found - wanted).std() <= MOST_ROUNDING * (own - wanted).std()


@pytest.mark.parametrize("side", [7, 9, 2, 6])
def test_pictures_of_few_or_an_odd_number_of_rows_are_convolved_as_before(side: int) -> None:
    assert not _filtered(_plain(WIDE, WIDE), side)


def test_what_is_large_enough_is_filtered_and_what_is_narrow_is_not() -> None:
    assert _filtered(_plain(WIDE, WIDE), 8)
    assert not _filtered(_plain(WIDE, WIDE // 2), 8)
    assert not _filtered(_plain(WIDE - 1, WIDE), 8, channels=WIDE - 1)


@pytest.mark.parametrize(
    "options",
    [{"stride": 2}, {"kernel_size": 1, "padding": 0}, {"groups": 2}, {"dilation": 2}],
)
def test_other_convolutions_stay_as_they_are(options: dict[str, int]) -> None:
    assert not _filtered(_plain(WIDE, WIDE, **options), 16)


@pytest.mark.parametrize("precision", [Precision.FP32, Precision.INT8])
def test_graphs_for_openvino_are_filtered_unless_they_are_in_8_bits(
    built_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, precision: Precision
) -> None:
    """The export compares the graph with PyTorch's layers; its small ones are not filtered else."""
    monkeypatch.setattr(winograd, "LEAST_CHANNELS", 64)
    request = ExportRequest(str(built_in), "small", tmp_path / "models", precision, Engine.OPENVINO)
    export_checkpoint(request)
    path = request.repository / Role.UNET.model_name("small") / "1" / IR_FILE
    kernels = [
        tuple(op.input(1).get_partial_shape().to_shape())[2:]
        for op in ov.Core().read_model(path).get_ops()
        if op.get_type_name() == "Convolution"
    ]
    assert ((1, 3) in kernels) is (precision is Precision.FP32)
