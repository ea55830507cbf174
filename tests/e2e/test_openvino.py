"""The backend `openvino` on a real Triton server."""

import numpy as np
import pytest
from tritonclient.grpc import InferenceServerClient, InferenceServerException, InferInput

from export.checkpoint import open_checkpoint
from export.contracts import Role
from export.geometry import read_geometry
from export.samples import Samples, random_inputs
from tests.e2e.models import OPENVINO, SMALL
from tests.e2e.product import Product
from tests.export.published import Array, Published

ROWS = {Role.UNET: range(1, 17), Role.VAE_DECODER: (1,)}
# Of the largest value; pixels may be rounded to either side.
ERRORS = {Role.UNET: 1e-4, Role.VAE_DECODER: 1 / 255}


def samples_of(reference: Published, role: Role, rows: int) -> Samples:
    """Random inputs of a role's graph."""
    geometry = read_geometry(open_checkpoint(str(reference.checkpoint)), resolution=None)
    return random_inputs(reference.config(role), geometry, rows, seed=rows)


def infer(product: Product, role: Role, samples: Samples) -> Array:
    """The only output of a role's model."""
    tensors = [
        InferInput(name, list(array.shape), "FP32").set_data_from_numpy(array)
        for name, array in samples.items()
    ]
    with InferenceServerClient(product.triton) as client:
        result = client.infer(role.model_name(OPENVINO), tensors)
    [output] = result.get_response().outputs
    found: Array = result.as_numpy(output.name)
    return found


@pytest.mark.parametrize("role", ROWS)
def test_any_number_of_rows_is_computed_as_onnx_runtime_computes_them(
    product: Product, published: dict[str, Published], role: Role
) -> None:
    for rows in ROWS[role]:
        samples = samples_of(published[SMALL], role, rows)
        found = infer(product, role, samples).astype(float)
        [wanted] = published[SMALL].run(role, **samples)
        assert found.shape == wanted.shape
        assert np.abs(found - wanted).max() <= ERRORS[role] * np.abs(wanted).max()


def test_a_call_that_does_not_fit_the_graph_is_an_error_and_the_next_is_right(
    product: Product, published: dict[str, Published]
) -> None:
    good = samples_of(published[SMALL], Role.UNET, rows=2)
    bad = good | {"EMBEDDINGS": good["EMBEDDINGS"][:1]}
    before = infer(product, Role.UNET, good)
    with pytest.raises(InferenceServerException, match="the inputs differ in rows"):
        infer(product, Role.UNET, bad)
    np.testing.assert_array_equal(infer(product, Role.UNET, good), before)


def test_compiled_models_are_kept_for_the_next_start(product: Product) -> None:
    kept = {path.name for path in (product.home / "engines").iterdir()}
    assert {Role.UNET.model_name(OPENVINO), Role.TEXT_ENCODER.model_name(OPENVINO)} <= kept
