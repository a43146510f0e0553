"""What cards lie on: dark, light, wooden, woven and cluttered grounds, none of them from a picture."""

from collections.abc import Callable, Mapping
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from composer.card import Floats, Generator, Pixels

Ground = Literal["dark", "light", "wood", "cloth", "clutter"]

GROUNDS: Final[tuple[Ground, ...]] = ("dark", "light", "wood", "cloth", "clutter")


def ground(kind: Ground, width_px: int, height_px: int, rng: Generator) -> Pixels:
    """Give a ground of this kind and size."""
    drawn = _DRAWN[kind](width_px, height_px, rng)
    y, x = np.mgrid[0:height_px, 0:width_px].astype(np.float32)
    turn = rng.uniform(0, 2 * np.pi)
    shade = np.float32(rng.uniform(0, 0.3)) * (
        (x / width_px - 0.5) * np.cos(turn) + (y / height_px - 0.5) * np.sin(turn)
    )
    return np.asarray(np.clip(drawn * (1 + shade.astype(np.float32))[..., None], 0, 255), np.uint8)


def _dark(width: int, height: int, rng: Generator) -> Floats:
    """Give a dark table, even but for its grain."""
    return rng.uniform(10, 90, 3).astype(np.float32) + _grain(width, height, rng, 6)


def _light(width: int, height: int, rng: Generator) -> Floats:
    """Give a sheet of paper or a light table: as light as most cards."""
    tone = np.float32(rng.uniform(185, 250)) + rng.uniform(-8, 8, 3).astype(np.float32)
    return tone + _grain(width, height, rng, 5)


def _wood(width: int, height: int, rng: Generator) -> Floats:
    """Give planks with their grain along them."""
    y, x = _turned(width, height, rng)
    light = np.array([205, 165, 120]) if rng.random() < 0.5 else np.array([120, 80, 50])
    tone = (light * rng.uniform(0.6, 1.15) + rng.uniform(-15, 15, 3)).astype(np.float32)
    bend = np.float32(rng.uniform(2, 14)) * np.sin(x / rng.uniform(90, 400)) + _blotches(width, height, rng, 60) * 9
    rings = np.sin((y + bend) / rng.uniform(1.2, 7)) + np.float32(0.6) * np.sin((y + bend * 1.5) / rng.uniform(7, 30))
    fibre = cv2.resize(rng.standard_normal((height, max(2, width // 24)), np.float32), (width, height))
    out = tone * (1 + np.float32(rng.uniform(0.03, 0.13)) * rings + np.float32(rng.uniform(0, 0.06)) * fibre)[..., None]
    if rng.random() < 0.7:
        plank = rng.uniform(0.12, 0.5) * height
        place = (y + rng.uniform(0, plank)) / plank
        out *= (1 + np.float32(0.08) * np.sin(np.floor(place) * 12.9))[..., None]
        out[(place % 1) * plank < rng.uniform(1, 3)] *= np.float32(rng.uniform(0.3, 0.8))
    return np.asarray(out, np.float32)


def _cloth(width: int, height: int, rng: Generator) -> Floats:
    """Give woven cloth with folds, at times checked or striped."""
    y, x = _turned(width, height, rng)
    tone = rng.uniform(30, 230, 3).astype(np.float32)
    period = rng.uniform(1.1, 5)
    weave = np.sin(x / period) * np.sin(y / period) * np.float32(rng.uniform(0.03, 0.18))
    folds = _blotches(width, height, rng, rng.uniform(80, 220)) * np.float32(rng.uniform(0.02, 0.16))
    out = tone * (1 + weave + folds)[..., None]
    if rng.random() < 0.5:
        other = rng.uniform(20, 240, 3).astype(np.float32)
        wide = rng.uniform(12, 90)
        stripes = ((x / wide) % 1 < rng.uniform(0.1, 0.6)).astype(np.float32) * np.float32(0.35)
        if rng.random() < 0.6:
            stripes = np.maximum(
                stripes, ((y / wide) % 1 < rng.uniform(0.1, 0.6)).astype(np.float32) * np.float32(0.35)
            )
        out = out * (1 - stripes[..., None]) + other * stripes[..., None]
    return np.asarray(out + _grain(width, height, rng, 5), np.float32)


def _clutter(width: int, height: int, rng: Generator) -> Floats:
    """Give a desk full of things with straight edges: sheets of print, boxes, keys, pens, tiles."""
    kind: Ground = ("dark", "light", "wood", "cloth")[int(rng.integers(0, 4))]
    out = np.asarray(np.clip(_DRAWN[kind](width, height, rng), 0, 255), np.uint8)
    unit = max(width, height)
    for _ in range(int(rng.integers(10, 50))):
        middle = (rng.uniform(0, width), rng.uniform(0, height))
        what = rng.random()
        if what < 0.45:
            _sheet(out, middle, rng.uniform(0.04, 0.5, 2) * unit, rng)
        elif what < 0.65:
            angle, long = rng.uniform(0, np.pi), rng.uniform(0.1, 0.9) * unit
            end = (middle[0] + long * np.cos(angle), middle[1] + long * np.sin(angle))
            first, last = ((round(p[0]), round(p[1])) for p in (middle, end))
            cv2.line(out, first, last, _tone(rng), max(1, round(rng.uniform(0.002, 0.022) * unit)), cv2.LINE_AA)
        elif what < 0.8:
            _keys(out, middle, rng)
        else:
            axes = tuple(round(v) for v in rng.uniform(0.02, 0.14, 2) * unit)
            cv2.ellipse(
                out,
                (round(middle[0]), round(middle[1])),
                axes,
                rng.uniform(0, 180),
                0,
                360,
                _tone(rng),
                -1,
                cv2.LINE_AA,
            )
    return np.asarray(out, np.float32)


def _sheet(out: Pixels, middle: tuple[float, float], size: NDArray[np.float64], rng: Generator) -> None:
    """Draw a box or a sheet, with lines of print on some, a rim on others."""
    angle = rng.uniform(-90, 90) if rng.random() < 0.6 else rng.uniform(-6, 6)
    tone = np.array(_tone(rng))
    box = cv2.boxPoints((middle, (float(size[0]), float(size[1])), angle))
    cv2.fillConvexPoly(out, box.astype(np.int32), tuple(tone), cv2.LINE_AA)
    other = tuple(float(v) for v in np.clip(tone + rng.choice((-1, 1)) * rng.uniform(25, 160), 0, 255))
    if rng.random() < 0.3:
        cv2.polylines(out, [box.astype(np.int32)], True, other, int(rng.integers(1, 4)), cv2.LINE_AA)
    if rng.random() < 0.55:
        across, down = (box[1] - box[0]), (box[3] - box[0])
        rows = int(rng.integers(3, 16))
        for row in range(1, rows):
            start = box[0] + down * row / rows + across * 0.08
            words = np.sort(rng.uniform(0, 0.84, 2 * int(rng.integers(1, 6))))
            for one, two in words.reshape(-1, 2):
                first, last = (np.rint(start + across * share).astype(int).tolist() for share in (one, two))
                cv2.line(out, first, last, other, max(1, round(0.3 * float(np.linalg.norm(down)) / rows)), cv2.LINE_AA)


def _keys(out: Pixels, middle: tuple[float, float], rng: Generator) -> None:
    """Draw a keyboard, a tiled floor, a calculator: a grid of little boxes."""
    side, gap = rng.uniform(0.015, 0.06) * max(out.shape), rng.uniform(1.1, 1.5)
    angle, one, two = rng.uniform(-45, 45), _tone(rng), _tone(rng)
    turn = np.radians(angle)
    way = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    for row in range(int(rng.integers(2, 7))):
        for column in range(int(rng.integers(3, 14))):
            at = np.array(middle) + np.array([column, row]) * side * gap @ way
            box = cv2.boxPoints(((float(at[0]), float(at[1])), (side, side), angle))
            cv2.fillConvexPoly(out, box.astype(np.int32), one if (row + column) % 2 else two, cv2.LINE_AA)


def _tone(rng: Generator) -> tuple[float, float, float]:
    """Give a colour: often about white, as paper is."""
    tone = rng.uniform(195, 255) + rng.uniform(-12, 12, 3) if rng.random() < 0.4 else rng.uniform(0, 255, 3)
    return float(tone[0]), float(tone[1]), float(tone[2])


def _turned(width: int, height: int, rng: Generator) -> tuple[Floats, Floats]:
    """Give coordinates down and across, turned at random."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = rng.uniform(-0.3, 0.3) + (np.pi / 2 if rng.random() < 0.4 else 0)
    cos, sin = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    return y * cos - x * sin, x * cos + y * sin


def _blotches(width: int, height: int, rng: Generator, size: float) -> Floats:
    """Give a smooth field of about unit variance."""
    coarse = rng.standard_normal((max(2, round(height / size) + 1), max(2, round(width / size) + 1)), np.float32)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)


def _grain(width: int, height: int, rng: Generator, most: float) -> Floats:
    """Give fine and rough grain."""
    fine = rng.standard_normal((height, width), np.float32) * np.float32(rng.uniform(0, most))
    return np.asarray(
        (fine + _blotches(width, height, rng, 8) * np.float32(rng.uniform(0, most)))[..., None], np.float32
    )


_DRAWN: Final[Mapping[Ground, Callable[[int, int, Generator], Floats]]] = {
    "dark": _dark,
    "light": _light,
    "wood": _wood,
    "cloth": _cloth,
    "clutter": _clutter,
}
