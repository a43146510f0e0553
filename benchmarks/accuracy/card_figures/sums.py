"""From cards one by one to figures."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np

from card_figures.letters import Letters
from card_figures.look import CRASHED, CardSeen, SideSeen

BINS: Final = (0.0, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 1.0)
"""Bounds of the classes of confidence."""

ANSWERS: Final = ("right", "none", "wrong", CRASHED)
STATUSES: Final = ("passed", "warning", "rejected", CRASHED)


def figures_of(cards: Sequence[CardSeen], levels: Sequence[str]) -> dict[str, Any]:
    """Give all figures, as JSON has them."""
    kinds = sorted({card.kind for card in cards})
    per_kind = {kind: {level: fields_of(_only(cards, level, kind)) for level in levels} for kind in kinds}
    sides = [side for card in cards for side in card.sides]
    return {
        "levels": {level: level_of(_only(cards, level)) for level in levels},
        "kinds": {kind: {"cards": _at_one_level(cards, kind), "fields": told} for kind, told in per_kind.items()},
        "statuses_by_kind": {kind: dict(Counter(card.status for card in cards if card.kind == kind)) for kind in kinds},
        "confidence": by_confidence(side for card in cards if card.level != "clean" for side in card.sides),
        "seconds": {
            name: cost_of([side for card in cards for side in card.sides if card.kind.startswith("tha") is thai])
            for name, thai in (("Latin, Chinese, Japanese", False), ("Thai", True))
        },
        "sides": len(sides),
    }


def level_of(cards: Sequence[CardSeen]) -> dict[str, Any]:
    """Give the figures of one level."""
    sides = [side for card in cards for side in card.sides]
    return {
        "letters": letters_of(sides),
        "fields": fields_of(cards),
        "numbers": fields_of(cards, numbers=True),
        "cards": _counts((card.answer for card in cards), ANSWERS),
        "sides": _counts((side.answer for side in sides), ANSWERS),
        "subtype": [sum(side.same_subtype for side in sides if side.answer == "right"), len(sides)],
        "status": _counts((card.status for card in cards), STATUSES),
        "failed": dict(Counter(name for card in cards for name in set(card.failed)).most_common()),
        "suspected": dict(Counter(name for card in cards for name in set(card.suspected)).most_common()),
    }


def letters_of(sides: Iterable[SideSeen]) -> dict[str, dict[str, float]]:
    """Give errors, letters and lines by script, and the share of errors in per cent."""
    told: dict[str, Letters] = {}
    for side in sides:
        for script, one in side.letters.items():
            whole = told.setdefault(script, Letters())
            whole.errors, whole.letters = whole.errors + one.errors, whole.letters + one.letters
            whole.right, whole.lines = whole.right + one.right, whole.lines + one.lines
    return {
        script: {
            "cer_percent": round(100 * one.errors / max(one.letters, 1), 2),
            "errors": one.errors,
            "letters": one.letters,
            "lines_right": one.right,
            "lines": one.lines,
        }
        for script, one in sorted(told.items())
    }


def fields_of(cards: Iterable[CardSeen], *, numbers: bool = False) -> list[int]:
    """Give how many fields are wholly right, wrong and missing, and how many there are."""
    states = [
        state
        for card in cards
        for side in card.sides
        for _, is_number, state, _ in side.fields
        if is_number or not numbers
    ]
    return [*(states.count(state) for state in ("right", "wrong", "missing")), len(states)]


def by_confidence(sides: Iterable[SideSeen]) -> list[dict[str, float]]:
    """Give how many fields of each class of confidence are wrong, numbers and all; missing ones are none of them."""
    told = [
        (sure, state == "wrong", is_number)
        for side in sides
        for _, is_number, state, sure in side.fields
        if state != "missing"
    ]
    rows = []
    for low, high in pairwise(BINS):
        inside = [one for one in told if low <= one[0] < high or (high == 1.0 and one[0] >= 1.0)]
        numbers = [wrong for _, wrong, is_number in inside if is_number]
        rows.append(
            {
                "from": low,
                "to": high,
                "fields": len(inside),
                "wrong": sum(wrong for _, wrong, _ in inside),
                "numbers": len(numbers),
                "wrong_numbers": sum(numbers),
            }
        )
    return rows


def cost_of(sides: Sequence[SideSeen]) -> dict[str, Any]:
    """Give CPU seconds of sides, beside those spent inside networks, Tesseract, barcodes and lines."""
    if not sides:
        return {}
    bare = np.array([sum(side.bare.values()) for side in sides])
    whole = np.array([side.seconds for side in sides])
    parts = sorted({part for side in sides for part in side.bare})
    return {
        "sides": len(sides),
        "median": round(float(np.median(whole)), 3),
        "p95": round(float(np.quantile(whole, 0.95)), 3),
        "bare_median": round(float(np.median(bare)), 3),
        "ratio": round(float(whole.sum() / bare.sum()), 3),
        "parts": {part: round(float(np.mean([side.bare.get(part, 0.0) for side in sides])), 3) for part in parts},
    }


def _only(cards: Sequence[CardSeen], level: str, kind: str | None = None) -> list[CardSeen]:
    """Give the cards of a level, and of a kind."""
    return [card for card in cards if card.level == level and kind in {None, card.kind}]


def _at_one_level(cards: Sequence[CardSeen], kind: str) -> int:
    """Give how many cards of a kind were read at each level."""
    return len({card.seed for card in cards if card.kind == kind})


def _counts(said: Iterable[str], names: Sequence[str]) -> dict[str, int]:
    """Give how often each was said."""
    counts = Counter(said)
    return {name: counts[name] for name in names}
