"""Random inputs for a graph, made from its config."""

import numpy as np
import numpy.typing as npt
from tritonclient.grpc.model_config_pb2 import DataType, ModelConfig, ModelInput

from export.geometry import PROMPT_TOKENS, Geometry

Array = npt.NDArray[np.generic]
Samples = dict[str, Array]
TRAINED_TIMESTEPS = 1000


def shape_of(tensor: ModelInput, config: ModelConfig, rows: int, chunks: int) -> tuple[int, ...]:
    """The tensor's shape with numbers for its free dimensions.

    The first free dimension of an unbatched config counts rows; a later one, or that of a batched
    config, counts tokens.
    """
    dims = list(tensor.dims)
    if config.max_batch_size == 0 and dims[0] < 0:
        dims[0] = rows
    dims = [PROMPT_TOKENS * chunks if size < 0 else size for size in dims]
    return (rows, *dims) if config.max_batch_size else tuple(dims)


def _token_ids(shape: tuple[int, ...], vocabulary: int, generator: np.random.Generator) -> Array:
    """Words, then the end marker (the highest id), then padding."""
    ids = generator.integers(0, vocabulary - 2, shape)  # (rows, 77)
    for row in ids:
        end = generator.integers(2, shape[1])
        row[end:] = 0
        row[end] = vocabulary - 1
    return ids.astype(np.int64)


def random_inputs(
    config: ModelConfig, geometry: Geometry, rows: int, chunks: int = 1, seed: int = 0
) -> Samples:
    """Inputs of every kind that the graph meets, each row different.

    Args:
        config: The graph's refined config.
        geometry: The checkpoint's numbers.
        rows: Size of the batch.
        chunks: Prompt chunks of 77 tokens.
        seed: Of the random numbers.
    """
    generator = np.random.default_rng(seed)
    samples: Samples = {}
    for tensor in config.input:
        shape = shape_of(tensor, config, rows, chunks)
        if tensor.name == "TIMESTEP":
            array = generator.permutation(TRAINED_TIMESTEPS)[:rows].reshape(shape)
            samples[tensor.name] = array.astype(np.float32)
        elif tensor.name == "TIME_IDS":
            size = float(geometry.resolution)
            samples[tensor.name] = np.tile(
                np.array([size, size, 0, 0, size, size], np.float32), (rows, 1)
            )
        elif tensor.data_type == DataType.TYPE_INT64:
            samples[tensor.name] = _token_ids(shape, geometry.vocabulary, generator)
        elif tensor.data_type == DataType.TYPE_UINT8:
            samples[tensor.name] = generator.integers(0, 256, shape, dtype=np.uint8)
        else:
            samples[tensor.name] = generator.standard_normal(shape, dtype=np.float32)
    return samples
