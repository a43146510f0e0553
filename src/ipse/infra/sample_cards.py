"""
Made-up cards to try things with: a portrait on a drawn card, and the card held up in front of a selfie.

Real portraits, an invented card: no field on it is anybody's, and SPECIMEN is printed across it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from ipse.core.images import Limits, decode
from ipse.core.vocabulary import Pixels
from ipse.infra.sample_thai import issuer

CARD_PX = (856, 540)
"""Ten pixels a millimetre. Source: ISO/IEC 7810 ID-1, 85.6 × 54.0 mm."""

PORTRAIT = (590, 150, 816, 440)
"""Left, top, right and bottom of the printed portrait."""

LINES = (
    "SPECIMEN IDENTITY CARD",
    "No. 0 0000 00000 00 0",
    "Name  EXAMPLE PERSON",
    "Born  1 Jan 1970",
    "Not a document",
)
THAI_NUMBER = "1101700230708"
THAI_LINES = (
    ("Thai National ID Card", (250, 64), 1.1),
    ("Identification Number", (60, 118), 0.7),
    ("1 1017 00230 70 8", (350, 120), 1.0),
    ("Name", (60, 196), 0.7),
    ("Mr. Example", (170, 196), 1.0),
    ("Last name", (60, 256), 0.7),
    ("Person", (230, 256), 1.0),
    ("Date of Birth", (60, 316), 0.7),
    ("1 Jan. 1970", (250, 316), 0.9),
    ("1 Jul. 2021", (60, 412), 0.7),
    ("Date of Issue", (60, 440), 0.6),
    ("1 Jan. 2030", (320, 412), 0.7),
    ("Date of Expiry", (320, 440), 0.6),
)
"""What a Thai card prints in English, and where: the drawing needs no font. Source: `documents.md`, section 5."""

INK = (40, 40, 70)
PAPER = (214, 226, 236)


def card(portrait: bytes) -> Pixels:
    """Give a card with this portrait, (540, 856, 3) uint8 RGB."""
    drawn = _paper()
    for row, words in enumerate(LINES):
        _write(drawn, words, (36, 80 + 84 * row), 0.95)
    return _finished(drawn, portrait)


def thai_card(portrait: bytes) -> Pixels:
    """Give the front of a Thai card with this portrait, in English only, (540, 856, 3) uint8 RGB."""
    drawn = _paper()
    for words, at, size in THAI_LINES:
        _write(drawn, words, at, size)
    return _finished(drawn, portrait)


def thai_back() -> Pixels:
    """Give the back of a Thai card, (540, 856, 3) uint8 RGB."""
    drawn = _paper()
    _write(drawn, "THAILAND", (60, 220), 1.4)
    _write(drawn, "JT1-2345678-90", (250, 470), 1.1)
    cv2.rectangle(drawn, (0, 60), (CARD_PX[0] - 1, 150), INK, -1)
    words = issuer()
    drawn[330 : 330 + words.shape[0], 60 : 60 + words.shape[1]][words] = INK
    cv2.putText(drawn, "SPECIMEN", (60, 300), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (196, 120, 120), 4, cv2.LINE_AA)
    return drawn


def _paper() -> Pixels:
    """Give an empty card."""
    width, height = CARD_PX
    drawn = np.full((height, width, 3), PAPER, np.uint8)
    for x in range(0, width, 24):
        cv2.line(drawn, (x, 0), (x + 120, height), (202, 214, 228), 2)
    return drawn


def _write(drawn: Pixels, words: str, at: tuple[int, int], size: float) -> None:
    """Write a line."""
    cv2.putText(drawn, words, at, cv2.FONT_HERSHEY_SIMPLEX, size, INK, 2, cv2.LINE_AA)


def _finished(drawn: Pixels, portrait: bytes) -> Pixels:
    """Give a card with its portrait, its edge, and the word across it."""
    width, height = CARD_PX
    left, top, right, bottom = PORTRAIT
    drawn[top:bottom, left:right] = cv2.resize(
        head(portrait), (right - left, bottom - top), interpolation=cv2.INTER_AREA
    )
    cv2.rectangle(drawn, (2, 2), (width - 3, height - 3), INK, 4)
    cv2.putText(drawn, "SPECIMEN", (60, 500), cv2.FONT_HERSHEY_SIMPLEX, 2.2, (196, 120, 120), 4, cv2.LINE_AA)
    return drawn


def photographed(drawn: Pixels) -> bytes:
    """Give a photo of a card on a dark table, 1280 × 960, as JPEG."""
    table = np.full((960, 1280, 3), (58, 50, 46), np.uint8)
    corners = np.array([(190, 200), (1090, 170), (1110, 740), (180, 760)], np.float32)
    return _jpeg(_laid(table, drawn, corners))


def held_up(selfie: bytes, drawn: Pixels) -> bytes:
    """Give the selfie with the card held up before the chest, 960 × 1280, as JPEG."""
    person = decode(selfie, Limits()).pixels
    factor = 960 / person.shape[1]
    wide = cv2.resize(person, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    scene = np.ascontiguousarray(wide[150:1430], np.uint8)
    corners = np.array([(360, 930), (880, 900), (898, 1226), (376, 1258)], np.float32)
    return _jpeg(_laid(scene, drawn, corners))


def as_jpeg(drawn: Pixels, quality: int = 90) -> bytes:
    """Give pixels as a JPEG file."""
    return _jpeg(drawn, quality)


def head(portrait: bytes, place: tuple[int, int, int, int] = PORTRAIT) -> Pixels:
    """Give the upper middle of a half-length portrait in the proportions of the printed one."""
    pixels = decode(portrait, Limits()).pixels
    height, width = pixels.shape[:2]
    left, top, right, bottom = place
    tall = round(0.38 * height)
    wide = round(tall * (right - left) / (bottom - top))
    start = (width - wide) // 2
    return pixels[:tall, start : start + wide]


def _laid(scene: Pixels, drawn: Pixels, corners: NDArray[np.float32]) -> Pixels:
    """Give the scene with the card laid over it, its corners clockwise from the top left."""
    height, width = drawn.shape[:2]
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    warp = cv2.getPerspectiveTransform(flat, corners)
    size = (scene.shape[1], scene.shape[0])
    laid = cv2.warpPerspective(drawn, warp, size, flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.full(drawn.shape[:2], 255, np.uint8), warp, size)
    scene[covered > 127] = laid[covered > 127]  # noqa: PLR2004  # Half covered.
    return np.asarray(cv2.GaussianBlur(scene, (3, 3), 0), np.uint8)


def _jpeg(pixels: Pixels, quality: int = 90) -> bytes:
    """Give RGB pixels as a JPEG file."""
    done, file = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("OpenCV could not write a JPEG file.")
    return file.tobytes()
