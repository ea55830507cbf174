"""Graphs at half the size: weights that are fp16 numbers anyway are kept as such.

A checkpoint is in fp16 and its graphs in fp32, so half of a graph's bytes say nothing. Here each
weight is kept in fp16 and followed by a cast, which every runtime folds away when it loads.
"""

import numpy as np
from onnx import ModelProto, TensorProto, helper, numpy_helper


def keep_halves(model: ModelProto) -> None:
    """Turn every fp32 initializer that loses nothing by it into fp16 and a cast, in place."""
    graph = model.graph
    casts = []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT:
            continue
        values = numpy_helper.to_array(tensor)
        halves = values.astype(np.float16)
        if not np.array_equal(halves.astype(np.float32), values):
            continue
        name, small = tensor.name, f"{tensor.name}.half"
        tensor.CopyFrom(numpy_helper.from_array(halves, small))
        casts.append(
            helper.make_node("Cast", [small], [name], f"{name}.cast", to=TensorProto.FLOAT)
        )
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
