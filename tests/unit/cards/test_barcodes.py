"""Barcodes on a card: which are read, where they stand, what numbers they hold."""

from datetime import date

import cv2
import numpy as np
import pytest
import zxingcpp

from ipse.core.cards.barcodes import numbers_in, read_barcodes
from ipse.core.cards.card import Barcode
from ipse.core.cards.numbers.singapore import NRIC
from ipse.core.cards.numbers.taiwan import PERSON
from ipse.core.vocabulary import Pixels

TODAY = date(2026, 11, 21)


def card(symbology: str, content: str, *, scale: int = 3, degrees: float = 0.0) -> Pixels:
    """Give a card with a barcode, as if it had been rectified with an error of some degrees."""
    code = zxingcpp.create_barcode(content, zxingcpp.barcode_format_from_str(symbology)).to_image(scale=scale)
    grey = np.asarray(code)
    pixels = np.full((638, 1011, 3), 230, np.uint8)
    pixels[100 : 100 + grey.shape[0], 60 : 60 + grey.shape[1]] = grey[..., None]
    turn = cv2.getRotationMatrix2D((505, 319), degrees, 1)
    return np.asarray(cv2.warpAffine(pixels, turn, (1011, 638), borderMode=cv2.BORDER_REPLICATE), np.uint8)


@pytest.mark.parametrize("degrees", [0.0, 3.0])
@pytest.mark.parametrize("symbology", ["QRCode", "PDF417", "Code39", "Code128", "DataMatrix", "Aztec"])
def test_symbologies(symbology: str, degrees: float) -> None:
    """Each is read, three degrees from upright too, and named as zxing-cpp names it."""
    found = read_barcodes(card(symbology, "S1234567D", degrees=degrees))
    assert [(symbology, b"S1234567D")] == [(one.symbology, one.content) for one in found]


def test_where_it_stands() -> None:
    """Corners are those of the code in the picture, also where it was enlarged before it was read."""
    pixels = card("QRCode", "S1234567D", scale=4)
    for factor in (1.0, 0.25):
        (found,) = read_barcodes(np.asarray(cv2.resize(pixels, None, fx=factor, fy=factor), np.uint8))
        middle = found.corners_px.mean(0) / factor
        assert 60 < middle[0] < 60 + 4 * 40
        assert 100 < middle[1] < 100 + 4 * 40


def test_none() -> None:
    """A card without barcodes has none, and a big picture of noise neither."""
    noise = np.random.default_rng(1).integers(0, 256, (3000, 2000, 3), np.uint8)
    assert () == read_barcodes(np.full((638, 1011, 3), 200, np.uint8))
    assert () == read_barcodes(noise, thorough=False)


def test_numbers_in_barcodes() -> None:
    """Singapore's and Taiwan's hold the holder's number; bytes that are no text hold none."""
    corners = np.zeros((4, 2), np.float32)
    nric, person, noise = (
        Barcode("Code39", content, corners) for content in (b"S1234567D", b"A123456789", b"\xff\xfe\x00S1")
    )
    assert ["S1234567D"] == [number.value for number in numbers_in(nric, NRIC, TODAY)]
    assert ["A123456789"] == [number.value for number in numbers_in(person, PERSON, TODAY)]
    assert () == numbers_in(noise, NRIC, TODAY)
