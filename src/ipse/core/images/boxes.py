"""The outermost boxes of an ISO media file."""

from ipse.core.images.limits import Limits
from ipse.core.reasons import Reason, Refusal

_HEAD_BYTES = 8
_LONG, _TO_THE_END = 1, 0
"""Lengths that mean "see the next eight bytes" and "up to the end". Source: ISO/IEC 14496-12, 4.2."""


def check_boxes(data: bytes, limits: Limits) -> None:
    """Refuse a file that ends within one of its outermost boxes."""
    at = 0
    for _ in range(limits.max_parts):
        if at == len(data):
            return
        if at + _HEAD_BYTES > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
        length = int.from_bytes(data[at : at + 4], "big")
        if length == _TO_THE_END:
            return
        if length == _LONG:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length < _HEAD_BYTES:
            raise Refusal(Reason.IMAGE_CORRUPT)
        at += length
        if at > len(data):
            raise Refusal(Reason.IMAGE_TRUNCATED)
    raise Refusal(Reason.IMAGE_TOO_COMPLEX)
