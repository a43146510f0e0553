"""The size that an AV1 bitstream states itself: the container may lie about it, and the decoder believes the stream."""

from ipse.core.reasons import Reason, Refusal

_SEQUENCE_HEADER = 1
"""Source: AV1 bitstream specification, 6.2.2 (OBU types)."""


class _Bits:
    """The bits of some bytes from the first, most significant first."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "big")
        self._left = len(data) * 8

    def take(self, count: int) -> int:
        """The next bits as a number; the picture is corrupt if there are none."""
        self._left -= count
        if self._left < 0:
            raise Refusal(Reason.IMAGE_CORRUPT)
        return self._value >> self._left & (1 << count) - 1


def coded_area_px(stream: bytes, max_units: int) -> int:
    """The largest width times height that the stream's sequence headers allow; 0 without one."""
    largest, at = 0, 0
    for _ in range(max_units):
        if at >= len(stream):
            return largest
        head, at = stream[at], at + 1 + (stream[at] >> 2 & 1)
        size = len(stream) - at
        if head & 2:
            size, at = _leb128(stream, at)
        if head >> 3 & 15 == _SEQUENCE_HEADER:
            largest = max(largest, _sequence_area_px(stream[at : min(at + size, at + 64)]))
        at += size
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)


def _leb128(stream: bytes, at: int) -> tuple[int, int]:
    """A number of up to eight bytes of seven bits, and the place behind it. Source: AV1, 4.10.5."""
    value = 0
    for place in range(8):
        byte = stream[at + place] if at + place < len(stream) else 0
        value |= (byte & 127) << 7 * place
        if byte < 128:  # noqa: PLR2004 - the high bit says that more follow
            return value, at + place + 1
    raise Refusal(Reason.IMAGE_CORRUPT)


def _sequence_area_px(header: bytes) -> int:
    """Largest frame of a sequence. Source: AV1, 5.5.1 (sequence header OBU syntax)."""
    bits = _Bits(header)
    bits.take(4)  # Profile, still picture.
    if bits.take(1):  # Reduced still picture header.
        bits.take(5)
    else:
        if bits.take(1):  # Timing: no still picture has a reason to state it.
            raise Refusal(Reason.IMAGE_UNRECOGNISED)
        delays = bits.take(1)
        for _ in range(bits.take(5) + 1):
            bits.take(12)
            if bits.take(5) > 7:  # noqa: PLR2004 - from level 4.0 on a tier is stated
                bits.take(1)
            if delays and bits.take(1):
                bits.take(4)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(width_bits) + 1) * (bits.take(height_bits) + 1)
