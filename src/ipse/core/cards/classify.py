"""Which card a side is of: evidence for each layout, and a margin."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ipse.core.cards.card import CardKind, CardType, Side
from ipse.core.cards.layout import Layout
from ipse.core.cards.matching import Folded, find, fold, plain
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.shapes import find_shape
from ipse.core.text.lines import TextLine

ENOUGH: Final = 1.0
"""Evidence that a side needs to be taken for a card when nothing is known of it: what one sure anchor is worth."""

SOME: Final = 0.3
"""Evidence that it needs when the caller says which card it is."""

MARGIN: Final = 0.5
"""By how much the best kind must be ahead of any other. Source: half a sure anchor."""

LABEL: Final = 0.12
"""
What each label found is worth, beside the anchors: no more than `MOST_LABELS` of them, and half of the anchors' worth.

Labels say of what type a card is, anchors whose: a French identity card has `"Date of birth"`, too.
"""

MOST_LABELS: Final = 8
NUMBER: Final = 0.4
"""What a number is worth that has a check digit, and keeps it."""

ZONE: Final = 2.0
"""What the state in a machine-readable zone is worth."""

_SCRIPTS: Final = {
    "thai": ("\u0e00", "\u0e7f"),
    "kana": ("\u3040", "\u30ff"),
    "han": ("\u4e00", "\u9fff"),
    "latin": ("A", "z"),
}
_SCRIPT_SHARE: Final = 0.04
"""Share of a side's letters that must be of a script which its card has."""

_FOREIGN: Final = 0.5
"""What the absence of a card's own script takes from it."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller says of a card; `None` is unknown, and so is an empty subtype."""

    nationality: str | None = None
    type: CardType | None = None
    side: Side | None = None

    def allows(self, layout: Layout) -> bool:
        """Give whether a layout is one of what is expected."""
        return (
            (self.nationality in (None, layout.kind.nationality) or not layout.kind.nationality)
            and self.type in (None, layout.kind.type)
            and self.side in (None, layout.side)
        )


ANYTHING: Final = Expected()


@dataclass(frozen=True, slots=True)
class Classified:
    """The layout that a side has, and how sure that is, 0 to 1."""

    layout: Layout
    certainty: float


def classify(
    lines: Sequence[TextLine], layouts: Sequence[Layout], today: date, expected: Expected = ANYTHING, state: str = ""
) -> Classified | None:
    """
    Give the layout of a side, or `None` where nothing is sure enough.

    What is expected needs little evidence; another card or the other side is told only where it is well ahead.

    Args:
        lines: As they were read.
        layouts: All there are.
        today: The day on which it is read.
        expected: What the caller says.
        state: The issuer in the machine-readable zone, if there is one.
    """
    folded = [fold(line.text) for line in lines]
    written = _scripts(lines)
    seen = _Seen(tuple(lines), tuple(folded), written, state, today)
    known = [one for one in layouts if one.kind.nationality or one.kind.type is CardType.PASSPORT]
    return _classified(known, seen, expected) or _classified(
        [one for one in layouts if one not in known], seen, expected
    )


def _classified(layouts: Sequence[Layout], seen: "_Seen", expected: Expected) -> Classified | None:
    """Give the layout that a side has of some; cards of any state are only looked at where none of the others is it."""
    scored = [(evidence(layout, seen), layout) for layout in layouts]
    scored.sort(key=lambda one: -one[0])
    wanted = [one for one in scored if expected.allows(one[1])]
    # A side or a type alone says little: only whoever names the country has the evidence believed that is left.
    chosen = _chosen(scored, wanted, is_known=expected.nationality is not None)
    if chosen is None:
        return None
    score, layout = chosen
    rival = max((one for one, other in scored if _is_rival(other, layout)), default=0.0)
    return Classified(layout, round((1 - math.exp(-max(0.0, score))) * (1 - math.exp(-2 * max(0.0, score - rival))), 4))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a side shows: lines, folded lines, each script's share of the letters, the zone's issuer; and the day."""

    lines: tuple[TextLine, ...]
    folded: tuple[Folded, ...]
    written: Mapping[str, float]
    state: str
    today: date


def evidence(layout: Layout, seen: _Seen) -> float:
    """Give what speaks for a layout: anchors, labels, a number that keeps its check digit, writing, the zone."""
    anchors = sum(one.weight * _match(one.text, seen.folded) for one in layout.anchors)
    is_issuer = bool(seen.state) and layout.kind.nationality in {"", seen.state}
    if anchors <= 0 and not is_issuer:
        return anchors
    missing = sum(_FOREIGN for one in layout.scripts if seen.written.get(one, 0.0) < _SCRIPT_SHARE)
    known = ZONE if is_issuer else 0.0
    labels = min(_labels(layout, seen.folded), max(known, anchors / 2))
    return anchors + labels + _numbers(layout, seen) + known - missing


def _chosen(
    scored: Sequence[tuple[float, Layout]], wanted: Sequence[tuple[float, Layout]], *, is_known: bool
) -> tuple[float, Layout] | None:
    """Give the best of what is expected, another that is far ahead of it, or nothing."""
    if not scored:
        return None
    best = scored[0]
    if is_known and wanted:
        first = wanted[0]
        is_other = best[0] >= ENOUGH and best[0] - first[0] >= MARGIN + first[0]
        if not is_other:
            return first if first[0] >= SOME else None
    rivals = [score for score, layout in scored[1:] if _is_rival(layout, best[1])]
    is_ahead = best[0] - max(rivals, default=0.0) >= MARGIN
    return best if best[0] >= ENOUGH and is_ahead else None


def _is_rival(one: Layout, other: Layout) -> bool:
    """Give whether two layouts are of different cards."""
    return _family(one.kind) != _family(other.kind)


def _family(kind: CardKind) -> tuple[str, CardType]:
    """Give what a card is but for its subtype: a MyKad taken for a MyPR is no wrong answer about the card."""
    return kind.nationality, kind.type


def _match(spellings: Sequence[str], folded: Sequence[Folded]) -> float:
    """Give how well the best of some spellings stands in any line, 0 to 1."""
    hits = (hit.quality for one in spellings for line in folded for hit in find(plain(one), line))
    return max(hits, default=0.0)


def _labels(layout: Layout, folded: Sequence[Folded]) -> float:
    """Give what the labels found are worth."""
    found = sum(bool(rule.labels) and _match(rule.labels, folded) > 0 for rule in layout.fields)
    return LABEL * min(found, MOST_LABELS)


def _numbers(layout: Layout, seen: _Seen) -> float:
    """Give what a number is worth that keeps its check digit, or half of it where its day of birth is one."""
    for rule in layout.fields:
        if rule.rule not in RULES:
            continue
        shaped = (one.text for line in seen.lines for shape in rule.shapes for one in find_shape(line.text, shape))
        told = (RULES[rule.rule].parse(text, seen.today) for text in shaped)
        right = [number for number in told if number is not None and not number.faults]
        if any(number.is_valid for number in right):
            return NUMBER
        if any(number.birth_date for number in right):
            return NUMBER / 2
    return 0.0


def _scripts(lines: Sequence[TextLine]) -> dict[str, float]:
    """Give each script's share of the letters."""
    letters = [letter for line in lines for letter in line.text if letter.isalpha()]
    total = max(1, len(letters))
    return {
        script: sum(first <= letter <= last for letter in letters) / total for script, (first, last) in _SCRIPTS.items()
    }
