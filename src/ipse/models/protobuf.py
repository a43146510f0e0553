"""
Protobuf's wire format, as far as folding a network needs it: split a message into its fields and write fields again.

The `onnx` package would do the same at the price of three dependencies and of bytes that may change with its version;
written by ourselves the folded file is the same everywhere, so that the manifest can pin its digest.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

VARINT: Final = 0
FIXED64: Final = 1
BYTES: Final = 2
FIXED32: Final = 5

_FIXED_BYTES: Final = {FIXED64: 8, FIXED32: 4}
_CONTINUES: Final = 0x80
_VARINT_BITS: Final = 64


class MalformedError(ValueError):
    """The bytes are no protobuf message."""


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field of a message.

    Attributes:
        number: Which field, as the schema counts.
        kind: The wire type.
        value: A whole number for varints, else the bytes of the field, not copied.
        raw: The field with its tag, as it stands in the message.
    """

    number: int
    kind: int
    value: int | memoryview
    raw: memoryview

    @property
    def bytes(self) -> memoryview:
        """The bytes of a string, message or packed field."""
        if isinstance(self.value, int):
            raise MalformedError(f"field {self.number} is a number, bytes were expected")
        return self.value

    @property
    def text(self) -> str:
        """The field as text."""
        return str(self.bytes, "utf-8")

    @property
    def number_value(self) -> int:
        """The field as a signed 64-bit number."""
        if not isinstance(self.value, int):
            raise MalformedError(f"field {self.number} is not a number")
        return _signed(self.value)


def fields(message: bytes | memoryview) -> Iterator[Field]:
    """The fields of a message in the order in which they stand."""
    view = memoryview(message)
    position = 0
    while position < len(view):
        start = position
        tag, position = _read_varint(view, position)
        kind = tag & 7
        value: int | memoryview
        if kind == VARINT:
            value, position = _read_varint(view, position)
        else:
            length, position = _length(view, position, kind)
            value = view[position : position + length]
            if len(value) < length:
                raise MalformedError("the message ends inside a field")
            position += length
        yield Field(number=tag >> 3, kind=kind, value=value, raw=view[start:position])


def whole_numbers(field: Field) -> tuple[int, ...]:
    """A repeated whole number: one value, or several packed into one field."""
    if field.kind == VARINT:
        return (field.number_value,)
    view, position, values = field.bytes, 0, []
    while position < len(view):
        value, position = _read_varint(view, position)
        values.append(_signed(value))
    return tuple(values)


def varint_field(number: int, value: int) -> bytes:
    """A field that holds a whole number."""
    return _varint(number << 3 | VARINT) + _varint(value % (1 << _VARINT_BITS))


def bytes_field(number: int, value: bytes | memoryview) -> bytes:
    """A field that holds bytes, text or another message."""
    return b"".join((_varint(number << 3 | BYTES), _varint(len(value)), value))


def _length(view: memoryview, position: int, kind: int) -> tuple[int, int]:
    """How many bytes the value has, and where it starts."""
    if kind == BYTES:
        return _read_varint(view, position)
    if kind in _FIXED_BYTES:
        return _FIXED_BYTES[kind], position
    raise MalformedError(f"wire type {kind} is not in use")


def _read_varint(view: memoryview, position: int) -> tuple[int, int]:
    """A varint, and the position after it."""
    value = 0
    for shift in range(0, _VARINT_BITS + 6, 7):
        if position >= len(view):
            raise MalformedError("the message ends inside a number")
        byte = view[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < _CONTINUES:
            return value, position
    raise MalformedError("a number has more than 64 bits")


def _varint(value: int) -> bytes:
    """A whole number as a varint."""
    encoded = bytearray()
    while value >= _CONTINUES:
        encoded.append(value & 0x7F | _CONTINUES)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _signed(value: int) -> int:
    """Two's complement of 64 bits, as protobuf writes `int64`."""
    return value - (1 << _VARINT_BITS) if value >> (_VARINT_BITS - 1) else value
