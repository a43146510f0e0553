"""Barcodes on a card: found, read, and the numbers in them."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

import cv2
import numpy as np
import zxingcpp

from ipse.core.cards.card import Barcode
from ipse.core.cards.numbers.number import Number, Rule
from ipse.core.vocabulary import Floats, Pixels

_SYMBOLOGIES: Final = ("QRCode", "PDF417", "Code39", "Code128", "DataMatrix", "Aztec")
"""What the fourteen cards carry. Others are not looked for: in a guilloche, short ones are found that are none."""

_SKEWS_DEG: Final = (2.0, -2.0, 4.0, -4.0)
"""Source: `documents.md`, section 2.2: PDF417 is read 8 to 10 times of 10 at up to 2 degrees, never at 5."""

_LONGEST_PX: Final = 2048
_ENLARGED_PX: Final = 1300
"""Longer sides: of what is looked at, and of what is looked at again at twice the size. Source: ours, for the time."""

_MOST: Final = 8
_MOST_BYTES: Final = 8192
"""Barcodes on one side, and bytes in one that are kept. Source: a QR code holds 2,953 bytes, a PDF417 1,108."""


def read_barcodes(pixels: Pixels, *, thorough: bool = True) -> tuple[Barcode, ...]:
    """
    Give the barcodes of a picture: of a rectified card, or of the whole picture before that.

    Args:
        pixels: Shape (H, W, 3) uint8 RGB.
        thorough: Look again, larger and turned by a few degrees, where nothing is found at first.
    """
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    longest = max(grey.shape)
    if longest > _LONGEST_PX:
        grey = cv2.resize(grey, None, fx=_LONGEST_PX / longest, fy=_LONGEST_PX / longest, interpolation=cv2.INTER_AREA)
    scale = max(grey.shape) / longest
    for seen, back, symbologies in _looks(grey, thorough=thorough):
        found = zxingcpp.read_barcodes(seen, formats=_formats(symbologies))
        barcodes = tuple(_barcode(one, back, scale) for one in found[:_MOST] if 0 < len(one.bytes) <= _MOST_BYTES)
        if barcodes:
            return barcodes
    return ()


def numbers_in(barcode: Barcode, rule: Rule, today: date) -> tuple[Number, ...]:
    """Give the numbers of one kind that a barcode holds, as Singapore's and Taiwan's cards have the holder's."""
    return rule.find(barcode.content.decode("utf-8", "replace"), today)


def _looks(grey: Any, *, thorough: bool) -> Iterator[tuple[Any, Floats, tuple[str, ...]]]:
    """Give what to look at, the way back from it (2x3), and what for: as it is, larger, then turned."""
    yield grey, np.eye(2, 3, dtype=np.float32), _SYMBOLOGIES
    if not thorough:
        return
    if max(grey.shape) <= _ENLARGED_PX:
        larger = cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
        yield larger, np.eye(2, 3, dtype=np.float32) * np.float32(0.5), _SYMBOLOGIES
    height, width = grey.shape
    for degrees in _SKEWS_DEG:
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turned = cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
        yield turned, np.asarray(cv2.invertAffineTransform(turn), np.float32), ("PDF417",)


def _formats(symbologies: tuple[str, ...]) -> Any:
    """Give symbologies as zxing-cpp wants them."""
    return zxingcpp.barcode_formats_from_str(",".join(symbologies))


def _barcode(found: Any, back: Floats, scale: float) -> Barcode:
    """Give a barcode in pixels of the picture."""
    place = found.position
    corners = np.array(
        [(corner.x, corner.y) for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)],
        np.float64,
    )
    corners_px = (corners @ back[:, :2].T + back[:, 2]) / scale
    return Barcode(_name(found), bytes(found.bytes), corners_px.astype(np.float32))


def _name(found: Any) -> str:
    """Give a symbology as zxing-cpp names it, without blanks: `"QRCode"`."""
    return "".join(str(found.format).rpartition(".")[2].split())
