"""Groups that are normalised by means over rows, against PyTorch's own normalisation."""

from pathlib import Path

import openvino as ov
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from export.contracts import Role
from export.group_norm import RowwiseGroupNorm, normalising_in_place
from export.openvino_writer import IR_FILE
from export.request import Engine
from retouch.backends.openvino_compiled import has_bf16
from tests.export.fixtures import Exporter
from tests.export.layers import computed_in_bf16

sizes = st.integers(1, 9)
MOST_ROUNDING = 1.5  # a scale is rounded that OpenVINO has within its own operation


def _norm(groups: int, channels: int) -> nn.GroupNorm:
    """One with weights and biases of its own."""
    norm = nn.GroupNorm(groups, channels).requires_grad_(requires_grad=False)
    norm.weight.normal_()
    norm.bias.normal_()
    return norm


@given(groups=sizes, width=sizes, sides=st.tuples(sizes, sizes), far=st.floats(0, 10), seed=sizes)
def test_means_over_rows_normalise_as_pytorch_does(
    groups: int, width: int, sides: tuple[int, int], far: float, seed: int
) -> None:
    torch.manual_seed(seed)
    norm = _norm(groups, groups * width)
    hidden = torch.randn(2, groups * width, *sides) + far
    torch.testing.assert_close(RowwiseGroupNorm(norm)(hidden), norm(hidden), rtol=1e-3, atol=2e-3)


def test_tensors_that_are_no_pictures_are_left_to_the_layer() -> None:
    norm, tokens = _norm(4, 8), torch.randn(2, 8, 6)
    assert torch.equal(RowwiseGroupNorm(norm)(tokens), norm(tokens))


@pytest.mark.skipif(not has_bf16(), reason="this CPU has no bfloat16")
@pytest.mark.parametrize("far", [0, 1, 5, 20])
def test_bf16_costs_little_more_than_in_openvinos_own_normalisation_however_far_from_zero(
    far: float, tmp_path: Path
) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(_same(32), _norm(8, 32), _same(32)).requires_grad_(requires_grad=False)
    away = far * torch.randn(8).repeat_interleave(4)
    hidden = torch.randn(1, 32, 64, 64) + away[None, :, None, None]
    wanted, own = network(hidden), computed_in_bf16(network, hidden, tmp_path)
    with normalising_in_place(network):
        found = computed_in_bf16(network, hidden, tmp_path)
    assert (found - wanted).std() <= MOST_ROUNDING * (own - wanted).std()


def _same(channels: int) -> nn.Conv2d:
    """A convolution that changes nothing: OpenVINO begins and ends bf16 at one."""
    convolution = nn.Conv2d(channels, channels, 1, bias=False)
    nn.init.dirac_(convolution.weight)
    return convolution


@pytest.mark.parametrize("role", [Role.VAE_ENCODER, Role.VAE_DECODER])
def test_vaes_for_openvino_normalise_no_picture_by_its_groups(
    exported: Exporter, role: Role
) -> None:
    """What is left is the attention's, of tokens."""
    published = exported("sd1_inpainting", engine=Engine.OPENVINO)
    graph = ov.Core().read_model(published.folder(role) / "1" / IR_FILE)
    norms = [op for op in graph.get_ops() if op.get_type_name() in ("MVN", "GroupNormalization")]
    assert len(norms) <= 1
    assert any(op.get_type_name() == "ReduceL2" for op in graph.get_ops())
