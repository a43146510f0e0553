"""
Pictures to learn from: cards on the grounds of `composer/table.py`, whole, cut off, filling the picture, two or none.

Everything is drawn: no picture from outside goes into the weights.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from composer.card import HEIGHT_PX, WIDTH_PX, Card, Floats, Generator, Pixels, drawn_card, rounded
from composer.lying import Lying, laid, placed, taken, with_thumb
from composer.table import GROUNDS, ground

LONGER_PX = 384
SHAPES = ((4, 3), (3, 4), (16, 9), (9, 16), (1, 1), (3, 2), (1.586, 1), (1.42, 1))
"""Width and height of the pictures, in proportion."""

ID_1, TD3 = 1.586, 1.42


@dataclass(frozen=True)
class Bank:
    """Cards drawn beforehand, with the aspect of each."""

    cards: tuple[Card, ...]
    aspects: tuple[float, ...]


def bank(count: int, rng: Generator) -> Bank:
    """Give this many cards: fronts, backs, passports' pages; some dark, some with hardly anything on them."""
    made = [_card(rng) for _ in range(count)]
    return Bank(tuple(card for card, _ in made), tuple(aspect for _, aspect in made))


def scene(cards: Bank, rng: Generator) -> Lying:
    """Give a picture."""
    shape = SHAPES[int(rng.integers(0, len(SHAPES)))]
    unit = LONGER_PX / max(shape)
    width, height = round(shape[0] * unit), round(shape[1] * unit)
    kind = GROUNDS[int(rng.choice(len(GROUNDS), p=(0.12, 0.14, 0.18, 0.18, 0.38)))]
    pixels = ground(kind, width, height, rng)
    laid_down: list[Floats] = []
    what = rng.random()
    wanted = 0 if what < 0.05 else 2 if what < 0.13 else 1
    for _ in range(wanted):
        number = int(rng.integers(0, len(cards.cards)))
        card = cards.cards[number]
        corners = _corners(cards.aspects[number], width, height, "apart" if wanted > 1 else "any", rng)
        if any(cv2.intersectConvexConvex(corners, other)[0] > 0 for other in laid_down):
            continue
        pixels = laid(pixels, card, corners, rng)
        if rng.random() < 0.4:
            pixels = with_thumb(pixels, corners, rng)
        laid_down.append(corners)
    if rng.random() < 0.15:
        pixels = np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)
    return Lying(taken(pixels, rng, 0.5), np.array(laid_down, np.float32).reshape(-1, 4, 2))


def _corners(aspect: float, width: int, height: int, how: str, rng: Generator) -> Floats:
    """Give a place for a card: mostly whole, at times cut off or filling the picture."""
    most = min(width, height * aspect)
    kind = rng.random()
    if how == "any" and kind < 0.1:  # It fills the picture: its corners are about the picture's.
        grown = rng.uniform(-0.05, 0.03)
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
        middle = corners.mean(axis=0)
        jitter = rng.uniform(-0.02, 0.02, (4, 2)) * (width, height)
        return np.asarray(middle + (corners - middle) * (1 + grown) + jitter, np.float32)
    share = rng.uniform(0.3, 0.5) if how == "apart" else rng.uniform(0.33, 1.0)
    upright = rng.random() < 0.15
    if upright:
        most = min(height, width * aspect)
    wide = share * most
    turn = 90.0 * upright
    reach = 35.0 if share < 0.8 else 12.0
    out = how == "any" and kind < 0.25
    free = 0.5 if out or how == "apart" else 0.5 * (1 - share * 0.9)
    middle = (width * (0.5 + rng.uniform(-free, free)), height * (0.5 + rng.uniform(-free, free)))
    corners = placed(wide, aspect, (0.0, 0.0), rng, reach)
    if turn:
        corners = np.asarray(corners @ np.array([[0, 1], [-1, 0]]), np.float32)
    return np.asarray(corners + middle, np.float32)


def _card(rng: Generator) -> tuple[Card, float]:
    """Give a card and its aspect."""
    what = rng.random()
    card = drawn_card(_portrait(rng), rng) if what < 0.75 else _back(rng)
    passport = rng.random() < 0.18
    aspect = TD3 if passport else ID_1
    size = (WIDTH_PX // 2, round(WIDTH_PX / 2 / aspect))
    pixels = np.asarray(cv2.resize(card.pixels[..., :3], size, interpolation=cv2.INTER_AREA), np.uint8)
    if rng.random() < 0.12:  # Hardly any ink, as a worn or a white card.
        pixels = np.asarray(np.clip(pixels.astype(np.float32) * 0.3 + 0.7 * pixels.mean((0, 1)), 0, 255), np.uint8)
    radius = rng.uniform(0, 0.02) if passport else rng.uniform(0.03, 0.075)
    return Card(rounded(pixels, radius), card.slot, None), aspect


def _back(rng: Generator) -> Card:
    """Give a back: a stripe, small print, a code, on the ground of some front."""
    front = drawn_card(_portrait(rng), rng)
    pixels = np.ascontiguousarray(front.pixels[..., :3])
    tone = cv2.mean(pixels)[:3]
    pixels[:] = np.asarray(np.clip(np.array(tone) + rng.normal(0, 2, pixels.shape), 0, 255), np.uint8)
    if rng.random() < 0.5:
        top = round(rng.uniform(0.06, 0.2) * HEIGHT_PX)
        pixels[top : top + round(rng.uniform(0.12, 0.22) * HEIGHT_PX)] = rng.uniform(0, 70, 3)
    ink = (30, 30, 40) if sum(tone) > 330 else (225, 225, 220)
    for y in range(round(rng.uniform(0.4, 0.5) * HEIGHT_PX), HEIGHT_PX - 50, int(rng.integers(22, 60))):
        word = 50.0
        while word < WIDTH_PX * rng.uniform(0.5, 1):
            long = rng.uniform(15, 120)
            cv2.line(pixels, (round(word), y), (round(word + long), y), ink, int(rng.integers(3, 14)))
            word += long + 18
    if rng.random() < 0.4:
        cells = rng.integers(0, 2, (25, 25), np.uint8) * 255
        side, x, y = 150, round(rng.uniform(40, 800)), round(rng.uniform(30, 440))
        code = cv2.resize(cells, (side, side), interpolation=cv2.INTER_NEAREST)
        pixels[y : y + side, x : x + side] = code[..., None]
    return Card(rounded(pixels, 0.05), front.slot, None)


def _portrait(rng: Generator) -> Pixels:
    """Give a drawn head before a plain ground, in the shape of a picture of Labeled Faces in the Wild."""
    out = np.full((250, 250, 3), rng.uniform(90, 255, 3), np.uint8)
    skin = np.array([215, 165, 135]) * rng.uniform(0.4, 1.1)
    hair, shirt = rng.uniform(0, 110, 3), rng.uniform(0, 255, 3)
    cv2.ellipse(out, (125, 250), (100, 75), 0, 0, 360, tuple(shirt), -1, cv2.LINE_AA)
    cv2.ellipse(out, (125, 112), (56, 72), 0, 0, 360, tuple(hair), -1, cv2.LINE_AA)
    cv2.ellipse(out, (125, 127), (46, 60), 0, 0, 360, tuple(skin), -1, cv2.LINE_AA)
    for x in (106, 144):
        cv2.ellipse(out, (x, 118), (8, 5), 0, 0, 360, (40, 30, 30), -1, cv2.LINE_AA)
    cv2.ellipse(out, (125, 160), (16, 5), 0, 0, 360, tuple(skin * 0.6), -1, cv2.LINE_AA)
    return out
