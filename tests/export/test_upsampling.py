"""Layers that convolve before they enlarge, against diffusers' own."""

from collections import Counter
from pathlib import Path

import openvino as ov
import pytest
import torch
from diffusers import AutoencoderTiny
from diffusers.models.upsampling import Upsample2D
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from export.contracts import Role
from export.onnx_writer import GRAPH_FILE
from export.openvino_writer import IR_FILE
from export.request import Engine
from export.upsampling import ConvolvedFirst, convolving_first
from tests.export.fixtures import Exporter

sizes = st.integers(1, 9)


def _same(found: Tensor, wanted: Tensor) -> bool:
    return found.shape == wanted.shape and torch.allclose(found, wanted, atol=1e-5)


@given(channels=sizes, out=sizes, height=sizes, width=sizes, bias=st.booleans(), seed=sizes)
def test_convolving_first_gives_what_diffusers_gives_by_enlarging_first(
    channels: int, out: int, height: int, width: int, bias: bool, seed: int
) -> None:
    torch.manual_seed(seed)
    layer = Upsample2D(channels, use_conv=True, out_channels=out, bias=bias).requires_grad_(False)
    hidden = torch.randn(2, channels, height, width)
    assert _same(ConvolvedFirst(layer.conv)(hidden), layer(hidden))


def test_a_size_that_is_not_twice_the_inputs_is_kept() -> None:
    network = nn.ModuleList([Upsample2D(4, use_conv=True)]).requires_grad_(False)
    hidden = torch.randn(1, 4, 3, 3)
    wanted = network[0](hidden, (5, 5))
    with convolving_first(network):
        assert _same(network[0](hidden, (5, 5)), wanted)


def test_a_small_autoencoder_decodes_the_same_and_has_its_own_layers_back() -> None:
    decoder = AutoencoderTiny().decoder.requires_grad_(False)
    latents = torch.randn(1, 4, 6, 6)
    wanted, layers = decoder(latents), list(decoder.modules())
    with convolving_first(decoder):
        kinds = Counter(type(layer) for layer in decoder.modules())
        assert kinds[nn.Upsample] == 0
        assert kinds[ConvolvedFirst] == 3
        assert _same(decoder(latents), wanted)
    assert list(decoder.modules()) == layers


@pytest.mark.parametrize(
    "layer",
    [
        Upsample2D(4, use_conv=False),
        Upsample2D(4, use_conv_transpose=True),
        Upsample2D(4, use_conv=True, norm_type="rms_norm", eps=1e-5, elementwise_affine=True),
        Upsample2D(4, use_conv=True, kernel_size=5, padding=2),
        Upsample2D(4, use_conv=True, interpolate=False),
        nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(4, 4, 3, padding=1)),
        nn.Sequential(nn.Upsample(scale_factor=3), nn.Conv2d(4, 4, 3, padding=1)),
        nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(4, 4, 3, padding=1, groups=2)),
    ],
)
def test_layers_that_enlarge_in_another_way_stay_as_they_are(layer: nn.Module) -> None:
    network = nn.Sequential(layer)
    layers = list(network.modules())
    with convolving_first(network):
        assert list(network.modules()) == layers


@pytest.mark.parametrize("role", [Role.UNET, Role.VAE_DECODER])
def test_only_graphs_for_openvino_enlarge_nothing_before_they_convolve(
    exported: Exporter, role: Role
) -> None:
    converted = exported("sd1_inpainting", engine=Engine.OPENVINO).folder(role) / "1" / IR_FILE
    kept = exported("sd1_inpainting").folder(role) / "1" / GRAPH_FILE
    assert _enlargements(converted) == 0
    assert _enlargements(kept) > 0


def _enlargements(graph: Path) -> int:
    return sum(op.get_type_name() == "Interpolate" for op in ov.Core().read_model(graph).get_ops())
