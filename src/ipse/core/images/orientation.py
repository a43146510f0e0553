"""EXIF orientation: reading the one tag that matters, and turning pixels by it."""

import struct

import cv2
import numpy as np

from ipse.core.vocabulary import Pixels

ORIENTATION_TAG = 0x0112
"""Source: EXIF 2.32 (JEITA CP-3451E), table 4."""

_MAX_ENTRIES = 512  # Directories of cameras hold about 20 entries; more is a sign of damage.
_ENTRY_BYTES = 12
_SHORT, _LONG = 3, 4


def read_orientation(exif: bytes) -> int:
    r"""
    The orientation 1 to 8 that an EXIF block states, 1 if it states none or makes no sense.

    A damaged block is no reason to refuse a picture: every viewer shows such pictures as stored, and so do we. Other
    places that may hold an orientation (XMP, maker notes) are not read: no browser or phone turns pictures by them, so
    reading them would turn what its sender saw upright.

    Args:
        exif: A TIFF structure (`II*\0` or `MM\0*` and on), without JPEG's `Exif\0\0`.
    """
    mark = exif[:4]
    if mark not in (b"II*\x00", b"MM\x00*") or len(exif) < 8:  # noqa: PLR2004 - length of the TIFF header
        return 1
    order = "<" if mark[:1] == b"I" else ">"
    (at,) = struct.unpack_from(order + "I", exif, 4)
    if at + 2 > len(exif):
        return 1
    (entries,) = struct.unpack_from(order + "H", exif, at)
    for entry in range(at + 2, at + 2 + min(entries, _MAX_ENTRIES) * _ENTRY_BYTES, _ENTRY_BYTES):
        if entry + _ENTRY_BYTES > len(exif):
            return 1
        tag, kind, count = struct.unpack_from(order + "HHI", exif, entry)
        if tag == ORIENTATION_TAG:
            return _valid(exif, order, kind, count, entry + 8)
    return 1


def _valid(exif: bytes, order: str, kind: int, count: int, at: int) -> int:
    """The value of the orientation entry if it is one number from 1 to 8, else 1."""
    if count != 1 or kind not in (_SHORT, _LONG):
        return 1
    (value,) = struct.unpack_from(order + ("H" if kind == _SHORT else "I"), exif, at)
    return value if value in range(1, 9) else 1


def turn(pixels: Pixels, orientation: int) -> Pixels:
    """
    The picture upright.

    Shape: pixels (h, w, 3) uint8 -> (h, w, 3) or, for 5 to 8, (w, h, 3); contiguous.
    Source: EXIF 2.32, table 4, orientation: what row 0 and column 0 of the stored picture are to the eye.
    """
    match orientation:
        case 2:
            turned = cv2.flip(pixels, 1)
        case 3:
            turned = cv2.rotate(pixels, cv2.ROTATE_180)
        case 4:
            turned = cv2.flip(pixels, 0)
        case 5:
            turned = cv2.transpose(pixels)
        case 6:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE)
        case 7:
            turned = cv2.flip(cv2.transpose(pixels), -1)
        case 8:
            turned = cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE)
        case _:
            return pixels
    return np.asarray(turned, dtype=np.uint8)
