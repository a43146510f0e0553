"""
A block-quantised ONNX file with its weights written out: what OpenCV reads as it is and no other runtime does.

OpenCV Zoo's `int8bq` files keep each weight as 8-bit blocks with a scale per block, followed by DequantizeLinear and
Reshape nodes; neither OpenVINO nor ONNX Runtime takes the blocks on an axis that they do not divide. Folding computes
those nodes once, in float32, and leaves out the inputs that only repeat a weight's name.

Source: ONNX operators DequantizeLinear 21 (https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html) and
Reshape 21. The `onnx` package is imported when a file is folded, never when a folded one is opened.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class UnfoldableError(ValueError):
    """The file is no ONNX network of the kind that can be folded."""


def fold(source: bytes, *, free_sides: bool = False) -> bytes:
    """
    The same network with float32 weights and no input but the picture.

    Args:
        source: The ONNX file as published.
        free_sides: Declare the last two sides of every input and output free, for a network that takes several sizes.

    Raises:
        UnfoldableError: The file has something that this code does not know how to fold.
    """
    model = _read(source)
    graph = model.graph
    weights = _weights(graph)
    kept, folded = [], set[str]()
    for node in graph.node:
        value = _value(node, weights, folded)
        if value is None:
            kept.append(node)
        else:
            weights[node.output[0]] = value
            folded.add(node.output[0])
    used = {name for node in kept for name in node.input}
    _replace(graph.node, kept)
    _replace(graph.initializer, [_written(name, weights[name]) for name in sorted(used & set(weights))])
    _replace(graph.input, [port for port in graph.input if port.name in used - set(weights)])
    _replace(graph.value_info, [])
    if free_sides:
        _free(graph)
    result: bytes = model.SerializeToString(deterministic=True)
    return result


def digest_of_tensors(network: bytes) -> str:
    """
    Hex SHA-256 over the weights of a network: name, kind, shape and values of each, sorted by name.

    It tells whether two files carry the same numbers, however their writers laid them out.
    """
    weights = _weights(_read(network).graph)
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = np.ascontiguousarray(weights[name])
        digest.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _read(network: bytes) -> Any:
    """The network in a file."""
    import onnx  # noqa: PLC0415 (only folding needs it)
    from google.protobuf.message import DecodeError  # noqa: PLC0415 (likewise)

    try:
        model = onnx.load_model_from_string(network)
    except DecodeError as error:
        raise UnfoldableError(f"the file is no ONNX network: {error}") from None
    if not model.graph.node:
        raise UnfoldableError("the file holds no graph")
    return model


def _weights(graph: Any) -> dict[str, Array]:
    """The weights by name."""
    from onnx import numpy_helper  # noqa: PLC0415 (only folding needs it)

    return {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}


def _written(name: str, values: Array) -> Any:
    """A weight with raw values."""
    from onnx import numpy_helper  # noqa: PLC0415 (only folding needs it)

    return numpy_helper.from_array(np.ascontiguousarray(values), name)


def _replace(field: Any, entries: list[Any]) -> None:
    """Give a repeated field these entries."""
    copies = [type(entry).FromString(entry.SerializeToString()) for entry in entries]
    del field[:]
    field.extend(copies)


def _value(node: Any, weights: Mapping[str, Array], folded: set[str]) -> Array | None:
    """What the node computes when that is known already, else nothing."""
    if node.op_type == "DequantizeLinear" and node.input[0] in weights:
        return _dequantized(node, weights)
    if node.op_type == "Reshape" and node.input[0] in folded:
        return weights[node.input[0]].reshape(tuple(int(side) for side in weights[node.input[1]]))
    return None


def _dequantized(node: Any, weights: Mapping[str, Array]) -> Array:
    """`(x - zero) * scale` in float32, scale and zero given per block along one axis (or per tensor)."""
    numbers = {attribute.name: attribute.i for attribute in node.attribute}
    quantised, scale = weights[node.input[0]], weights[node.input[1]]
    zero = weights[node.input[2]] if len(node.input) > len(("x", "scale")) else np.zeros_like(scale)
    block = numbers.get("block_size", 0)
    if scale.ndim and not block:
        raise UnfoldableError("a weight is quantised per channel, only blocks and whole tensors are known")
    if block:
        axis = numbers.get("axis", 1)
        scale, zero = (_spread(array, block, axis, quantised.shape[axis]) for array in (scale, zero))
    result: Array = (quantised.astype(np.float32) - zero.astype(np.float32)) * scale.astype(np.float32)
    return result


def _spread(per_block: Array, block: int, axis: int, length: int) -> Array:
    """One value per block, repeated for each element; the last block may be short."""
    return np.repeat(per_block, block, axis=axis).take(range(length), axis=axis)


def _free(graph: Any) -> None:
    """Leave the picture's height and width open, and what follows from them undeclared."""
    for port in graph.input:
        sides = port.type.tensor_type.shape.dim
        sides[2].dim_param, sides[3].dim_param = "height", "width"
    for port in graph.output:
        port.type.tensor_type.ClearField("shape")
