"""
A block-quantised ONNX file with its weights written out: what OpenCV reads as it is and no other runtime does.

OpenCV Zoo's `int8bq` files keep each weight as 8-bit blocks with a scale per block, followed by DequantizeLinear and
Reshape nodes; neither OpenVINO nor ONNX Runtime takes the blocks on an axis that they do not divide. Folding computes
those nodes once, in float32, and leaves out the inputs that only repeat a weight's name.

Source: ONNX operators DequantizeLinear 21 (https://onnx.ai/onnx/operators/onnx__DequantizeLinear.html) and
Reshape 21; field numbers from https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ipse.models.protobuf import Field, bytes_field, fields, varint_field, whole_numbers

Array = NDArray[Any]

# ModelProto, GraphProto
_GRAPH: Final = 7
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE_INFO = 1, 5, 11, 12, 13
# NodeProto
_NODE_INPUT, _NODE_OUTPUT, _NODE_KIND, _NODE_ATTRIBUTE = 1, 2, 4, 5
# AttributeProto
_ATTRIBUTE_NAME, _ATTRIBUTE_INT = 1, 3
# TensorProto
_DIMS, _TYPE, _FLOATS, _LONGS, _NAME, _RAW = 1, 2, 4, 7, 8, 9
# TensorProto.DataType, the kinds that occur in these files
_FLOAT32: Final = 1
_KINDS: Final[Mapping[int, str]] = {1: "<f4", 2: "u1", 3: "i1", 6: "<i4", 7: "<i8"}


class UnfoldableError(ValueError):
    """The file is no ONNX network of the kind that can be folded."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of the graph: what it does, to which tensors."""

    kind: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    numbers: Mapping[str, int]
    raw: memoryview


def fold(source: bytes, *, free_sides: bool = False) -> bytes:
    """
    The same network with float32 weights and no input but the picture.

    Args:
        source: The ONNX file as published.
        free_sides: Declare the last two sides of every input and output free, for a network that takes several sizes.

    Raises:
        UnfoldableError: The file has something that this code does not know how to fold.
    """
    model = list(fields(source))
    graphs = [field for field in model if field.number == _GRAPH]
    if len(graphs) != 1:
        raise UnfoldableError("the file holds no graph")
    folded = _fold_graph(list(fields(graphs[0].bytes)), free_sides=free_sides)
    return b"".join(bytes_field(_GRAPH, folded) if field.number == _GRAPH else bytes(field.raw) for field in model)


def digest_of_tensors(network: bytes) -> str:
    """
    Hex SHA-256 over the weights of a network: name, kind, shape and values of each, sorted by name.

    It tells whether two files carry the same numbers, however their writers laid them out.
    """
    weights = _initializers(_graph(network))
    digest = hashlib.sha256()
    for name in sorted(weights):
        array = np.ascontiguousarray(weights[name])
        digest.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _graph(network: bytes) -> list[Field]:
    """The fields of the graph."""
    return [inner for field in fields(network) if field.number == _GRAPH for inner in fields(field.bytes)]


def _initializers(graph: Iterable[Field]) -> dict[str, Array]:
    """The weights by name."""
    return dict(_tensor(field.bytes) for field in graph if field.number == _INITIALIZER)


def _fold_graph(graph: list[Field], *, free_sides: bool) -> bytes:
    """The graph after folding: the nodes that are left, the weights they use, the picture's input, the outputs."""
    weights = _initializers(graph)
    kept: list[_Node] = []
    folded: set[str] = set()
    for node in (_node(field) for field in graph if field.number == _NODE):
        value = _value(node, weights, folded)
        if value is None:
            kept.append(node)
        else:
            weights[node.outputs[0]] = value
            folded.update(node.outputs)
    used = {name for node in kept for name in node.inputs}
    parts = [bytes_field(_NODE, node.raw) for node in kept]
    parts += [bytes_field(_INITIALIZER, _written(name, weights[name])) for name in sorted(used & set(weights))]
    for field in graph:
        if field.number == _OUTPUT or (field.number == _INPUT and _name(field.bytes) in used - set(weights)):
            parts.append(_declared(field, free_sides=free_sides))
        elif field.number not in {_NODE, _INITIALIZER, _INPUT, _VALUE_INFO}:
            parts.append(bytes(field.raw))
    return b"".join(parts)


def _value(node: _Node, weights: Mapping[str, Array], folded: set[str]) -> Array | None:
    """What the node computes when that is known already, else nothing."""
    if node.kind == "DequantizeLinear" and node.inputs[0] in weights:
        return _dequantized(node, weights)
    if node.kind == "Reshape" and node.inputs[0] in folded:
        return weights[node.inputs[0]].reshape(tuple(int(side) for side in weights[node.inputs[1]]))
    return None


def _dequantized(node: _Node, weights: Mapping[str, Array]) -> Array:
    """`(x - zero) * scale` in float32, scale and zero given per block along one axis (or per tensor)."""
    quantised, scale = weights[node.inputs[0]], weights[node.inputs[1]]
    zero = weights[node.inputs[2]] if len(node.inputs) > len(("x", "scale")) else np.zeros_like(scale)
    block = node.numbers.get("block_size", 0)
    if scale.ndim and not block:
        raise UnfoldableError("a weight is quantised per channel, only blocks and whole tensors are known")
    if block:
        axis = node.numbers.get("axis", 1)
        scale, zero = (_spread(array, block, axis, quantised.shape[axis]) for array in (scale, zero))
    result: Array = (quantised.astype(np.float32) - zero.astype(np.float32)) * scale.astype(np.float32)
    return result


def _spread(per_block: Array, block: int, axis: int, length: int) -> Array:
    """One value per block, repeated for each element; the last block may be short."""
    return np.repeat(per_block, block, axis=axis).take(range(length), axis=axis)


def _node(field: Field) -> _Node:
    """A node from its bytes."""
    inner = list(fields(field.bytes))
    return _Node(
        kind="".join(one.text for one in inner if one.number == _NODE_KIND),
        inputs=tuple(one.text for one in inner if one.number == _NODE_INPUT),
        outputs=tuple(one.text for one in inner if one.number == _NODE_OUTPUT),
        numbers=dict(_attribute(one.bytes) for one in inner if one.number == _NODE_ATTRIBUTE),
        raw=field.bytes,
    )


def _attribute(message: memoryview) -> tuple[str, int]:
    """Name and whole number of an attribute; 0 for attributes of other kinds."""
    name, value = "", 0
    for field in fields(message):
        if field.number == _ATTRIBUTE_NAME:
            name = field.text
        elif field.number == _ATTRIBUTE_INT:
            value = field.number_value
    return name, value


def _tensor(message: memoryview) -> tuple[str, Array]:
    """Name and values of a weight."""
    name, kind, shape, chunks = "", 0, list[int](), list[Array]()
    for field in fields(message):
        if field.number == _DIMS:
            shape.extend(whole_numbers(field))
        elif field.number == _TYPE:
            kind = field.number_value
        elif field.number == _NAME:
            name = field.text
        elif field.number == _RAW:
            chunks.append(np.frombuffer(field.bytes, _code(kind)))
        elif field.number == _FLOATS:
            chunks.append(np.frombuffer(field.bytes, "<f4"))
        elif field.number == _LONGS:
            chunks.append(np.array(whole_numbers(field), "<i8"))
    values = np.concatenate(chunks) if chunks else np.empty(0, _code(kind))
    return name, values.astype(_code(kind), copy=False).reshape(shape)


def _code(kind: int) -> str:
    """NumPy's code for an element type."""
    if kind not in _KINDS:
        raise UnfoldableError(f"a weight has an element type ({kind}) that is not known here")
    return _KINDS[kind]


def _written(name: str, values: Array) -> bytes:
    """A weight as a TensorProto with raw values."""
    kind = next(number for number, code in _KINDS.items() if np.dtype(code) == values.dtype)
    return b"".join(
        (
            *(varint_field(_DIMS, side) for side in values.shape),
            varint_field(_TYPE, kind),
            bytes_field(_NAME, name.encode()),
            bytes_field(_RAW, np.ascontiguousarray(values).tobytes()),
        )
    )


def _declared(field: Field, *, free_sides: bool) -> bytes:
    """The declaration of an input or output, with its changing sizes left open when asked for."""
    if not free_sides:
        return bytes(field.raw)
    name = _name(field.bytes)
    tensor = varint_field(1, _FLOAT32)
    if field.number == _INPUT:
        sides = (varint_field(1, 1), varint_field(1, 3), bytes_field(2, b"height"), bytes_field(2, b"width"))
        tensor += bytes_field(2, b"".join(bytes_field(1, side) for side in sides))
    declaration = bytes_field(1, name.encode()) + bytes_field(2, bytes_field(1, tensor))
    return bytes_field(field.number, declaration)


def _name(value_info: memoryview) -> str:
    """The name in the declaration of an input or output."""
    return next(field.text for field in fields(value_info) if field.number == 1)
