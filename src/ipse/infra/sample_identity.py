"""
A made-up Indonesian identity card, front, drawn finely enough that nothing speaks against its picture.

Of all cards that are read it is the one that is printed in Latin letters alone, so that drawing it needs no font. The
portrait is real, the card is invented: the number is well formed and nobody's (it names the first person born on the
first day of 1970 in a central district), the name says EXAMPLE, and SPECIMEN is printed below the portrait.
"""

import cv2
import numpy as np

from ipse.core.vocabulary import Pixels
from ipse.infra.sample_cards import CARD_PX, as_jpeg, head

SCALE = 2
"""Twice as many pixels as `CARD_PX`, so that thin strokes are not broken."""

PORTRAIT = (620, 120, 816, 380)
"""Left, top, right and bottom of the printed portrait, in units of `CARD_PX`."""

ROWS = (
    ("Nama", "EXAMPLE PERSON"),
    ("Tempat/Tgl Lahir", "JAKARTA, 01-01-1970"),
    ("Jenis Kelamin", "LAKI-LAKI      Gol. Darah : B"),
    ("Alamat", "JL. CONTOH NO. 1"),
    ("RT/RW", "001/002"),
    ("Kel/Desa", "GAMBIR"),
    ("Kecamatan", "GAMBIR"),
    ("Agama", "ISLAM"),
    ("Status Perkawinan", "KAWIN"),
    ("Pekerjaan", "KARYAWAN SWASTA"),
    ("Kewarganegaraan", "WNI"),
    ("Berlaku Hingga", "SEUMUR HIDUP"),
)
"""Source: `documents.md`, section 5; the order and the words of the card."""

INDENTED = frozenset({"RT/RW", "Kel/Desa", "Kecamatan"})
NUMBER = "3171010101700001"

INK = (34, 36, 44)
SHADES = ((176, 212, 236), (206, 230, 240))
"""The paper, from its upper left to its lower right corner."""

TABLE = (74, 62, 54)
PHOTO_PX = (1600, 1200)
PLACE = ((170, 180), (1430, 150), (1452, 950), (150, 972))
"""Where the card lies in the photo, clockwise from its top left."""

GRAIN = 2.5
"""Standard deviation of the photo's noise: a phone's in daylight; without any the picture looks made by a program."""

QUALITY = 95
"""Of the JPEG file: a camera's; at 90 the flat paper around the letters is quantised away, and they look put there."""


def identity_card(portrait: bytes) -> Pixels:
    """A card with this portrait, (1080, 1712, 3) uint8 RGB."""
    drawn = _paper()
    _write(drawn, "PROVINSI DKI JAKARTA", (428, 44), 1.25, centred=True)
    _write(drawn, "JAKARTA PUSAT", (428, 80), 1.25, centred=True)
    _write(drawn, "NIK", (40, 130), 1.35)
    _write(drawn, f": {NUMBER}", (190, 130), 1.45)
    for row, (label, value) in enumerate(ROWS):
        line = 172 + 29.5 * row
        _write(drawn, label, (66 if label in INDENTED else 40, line), 0.92, weight=1)
        _write(drawn, f": {value}", (270, line), 0.92, weight=1)
    left, top, right, bottom = (SCALE * edge for edge in PORTRAIT)
    size = (right - left, bottom - top)
    drawn[top:bottom, left:right] = cv2.resize(head(portrait, PORTRAIT), size, interpolation=cv2.INTER_AREA)
    _write(drawn, "JAKARTA PUSAT", (718, 420), 0.8, weight=1, centred=True)
    _write(drawn, "02-03-2015", (718, 446), 0.8, weight=1, centred=True)
    _write(drawn, "SPECIMEN", (718, 510), 1.3, ink=(176, 70, 70), centred=True)
    height, width = drawn.shape[:2]
    cv2.rectangle(drawn, (1, 1), (width - 2, height - 2), (120, 140, 160), 3)
    return drawn


def on_a_table(drawn: Pixels) -> bytes:
    """A photo of a card on a table, with light from one side and a camera's grain, as JPEG."""
    dice = np.random.default_rng(7)
    width, height = PHOTO_PX
    blotches = cv2.resize(dice.normal(0, 9, (60, 80)).astype(np.float32), PHOTO_PX, interpolation=cv2.INTER_CUBIC)
    table = np.clip(np.array(TABLE, np.float32) + blotches[..., None], 0, 255)
    tall, wide = drawn.shape[:2]
    flat = np.array([(0, 0), (wide, 0), (wide, tall), (0, tall)], np.float32)
    warp = cv2.getPerspectiveTransform(flat, np.array(PLACE, np.float32))
    laid = cv2.warpPerspective(drawn, warp, PHOTO_PX, flags=cv2.INTER_AREA)
    cover = cv2.warpPerspective(np.full((tall, wide), 255, np.uint8), warp, PHOTO_PX)[..., None] / np.float32(255)
    light = np.linspace(1.03, 0.94, width, dtype=np.float32)[None, :, None]
    scene = (table * (1 - cover) + laid * cover) * light + dice.normal(0, GRAIN, (height, width, 3))
    return as_jpeg(np.asarray(np.clip(scene, 0, 255), np.uint8), QUALITY)


def _paper() -> Pixels:
    """An empty card: one shade that passes into another."""
    width, height = (SCALE * side for side in CARD_PX)
    down, across = np.linspace(0, 0.6, height)[:, None, None], np.linspace(0, 0.4, width)[None, :, None]
    first, last = (np.array(shade, np.float64) for shade in SHADES)
    return np.ascontiguousarray(first + (last - first) * (down + across), np.uint8)


def _write(
    drawn: Pixels,
    words: str,
    at: tuple[float, float],
    size: float,
    *,
    weight: int = 2,
    ink: tuple[int, int, int] = INK,
    centred: bool = False,
) -> None:
    """Write a line; it begins at a place in units of `CARD_PX`, or is centred there."""
    scale, thickness = size * SCALE * 0.62, max(1, round(weight * SCALE * 0.62))
    (width, _), _ = cv2.getTextSize(words, cv2.FONT_HERSHEY_DUPLEX, scale, thickness)
    left = round(at[0] * SCALE - (width / 2 if centred else 0))
    cv2.putText(drawn, words, (left, round(at[1] * SCALE)), cv2.FONT_HERSHEY_DUPLEX, scale, ink, thickness, cv2.LINE_AA)
