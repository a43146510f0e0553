"""The corners of cards: where they are, whether they are whole, and what is told without any."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from composer.card import Floats, Pixels, drawn_card
from composer.lying import laid, placed, taken, with_thumb
from composer.people import opened
from composer.table import GROUNDS, Ground, ground

from ipse.core.documents.corners import FoundCard, find_cards
from ipse.core.text.lines import TextLine

WIDTH_PX, HEIGHT_PX = 960, 720
PORTRAIT = np.full((250, 250, 3), 150, np.uint8)


def agreed(card: FoundCard, corners: Floats) -> float:
    """Give the share of its union with the truth that a found card covers."""
    both = cv2.intersectConvexConvex(card.corners_px, corners)[0]
    return float(both / (cv2.contourArea(card.corners_px) + cv2.contourArea(corners) - both))


def scene(
    kind: Ground, middles: tuple[tuple[float, float], ...], width_px: float, seed: int
) -> tuple[Pixels, list[Floats]]:
    """Give a picture of cards around these middles, and their corners."""
    rng = np.random.default_rng(seed)
    pixels, truth = ground(kind, WIDTH_PX, HEIGHT_PX, rng), []
    for middle in middles:
        corners = placed(width_px, 1.586, middle, rng, 12)
        pixels = laid(pixels, drawn_card(PORTRAIT, rng, with_ghost=False), corners, rng)
        truth.append(corners)
    return pixels, truth


@pytest.mark.parametrize("kind", GROUNDS)
def test_a_card_with_a_thumb_on_it_is_found_on_every_ground(kind: Ground) -> None:
    """A card's corners agree with the truth by 95 % though a thumb lies on it."""
    pixels, (corners,) = scene(kind, ((480, 360),), 560, 11)
    rng = np.random.default_rng(12)
    found = find_cards(taken(with_thumb(pixels, corners, rng), rng))
    assert len(found) == 1
    assert agreed(found[0], corners) > 0.95
    assert not found[0].is_cut_off
    assert not found[0].is_whole_picture


@pytest.mark.parametrize("x", [850, 880])
def test_a_card_that_leaves_the_picture_is_cut_off(x: float) -> None:
    """Two sides that leave the picture and one between them are a card of which a part is missing."""
    pixels, (corners,) = scene("dark", ((x, 360),), 520, 14)
    (found,) = find_cards(pixels)
    assert found.is_cut_off
    assert np.abs(found.corners_px - corners).max() < 0.08 * 520


def test_two_cards_are_two() -> None:
    """Two whole cards in one picture are both told of."""
    pixels, truth = scene("dark", ((270, 180), (680, 530)), 360, 21)
    found = find_cards(pixels)
    assert len(found) == 2
    assert all(max(agreed(card, corners) for card in found) > 0.95 for corners in truth)


def test_a_picture_that_is_a_card_is_the_card() -> None:
    """A crop from edge to edge comes out as the whole picture."""
    card = drawn_card(PORTRAIT, np.random.default_rng(31), with_ghost=False).pixels[..., :3]
    found = find_cards(np.ascontiguousarray(card))
    assert len(found) == 1
    assert found[0].is_whole_picture
    assert found[0].covers > 0.99


@pytest.mark.parametrize("kind", ["dark", "light", "cloth"])
def test_a_ground_without_a_card_has_none(kind: Ground) -> None:
    """A blank page, a table and a cloth are no card."""
    assert find_cards(ground(kind, WIDTH_PX, HEIGHT_PX, np.random.default_rng(41))) == ()


@pytest.mark.shared
def test_people_without_a_card_have_none(shared: Path) -> None:
    """Portraits have edges, but no rows of print on an even ground."""
    pictures = sorted((shared / "faces").glob("*/*.jpg"))[::250]
    found = [find_cards(opened(path)) for path in pictures]
    assert len(found) > 10
    assert sum(map(len, found)) <= 1


@pytest.mark.shared
@pytest.mark.parametrize("name", ["thai-mock/card4.jpg", "ktp/KTP Template.png", "latin/3.jpg", "hkid/hkid_sample.jpg"])
def test_real_specimens_are_one_whole_card(name: str, shared: Path) -> None:
    """In the hand, with a rim, on a ground, filling its picture: each is one whole card."""
    pixels = opened(shared / "cards" / name)
    (found,) = find_cards(pixels)
    assert not found.is_cut_off
    assert found.aspect == pytest.approx(85.60 / 53.98, rel=0.06)


def test_text_without_edges_is_taken_with_a_margin() -> None:
    """Where no edge is seen, the rectangle around the text stands for the card, turned as the text is."""
    turn = np.radians(10)
    way = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    lines = []
    for row in range(5):
        box = np.array([[0, 0], [300, 0], [300, 20], [0, 20]]) + np.array([0, 40 * row])
        lines.append(TextLine((box @ way + (350, 200)).astype(np.float32), "words", 0.9, (0.1, 0.3, 0.5, 0.7, 0.9)))
    (found,) = find_cards(np.full((HEIGHT_PX, WIDTH_PX, 3), 200, np.uint8), lines=lines)
    assert found.is_whole_picture
    top = found.corners_px[1] - found.corners_px[0]
    assert np.degrees(np.arctan2(top[1], top[0])) == pytest.approx(10, abs=0.5)
    assert all(found.contains(*map(float, line.corners_px.mean(axis=0))) for line in lines)
