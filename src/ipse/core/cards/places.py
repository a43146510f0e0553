"""Where a field's value may stand: candidates, each some pieces of the side in reading order."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ipse.core.cards.layout import FieldRule, Place
from ipse.core.cards.matching import plain
from ipse.core.cards.page import Page, Piece

FAR: Final = 0.45
"""A value starts within this share of the card's width behind its label. Source: KTP's column of colons."""

APART: Final = 2.5
"""Boxes of one value are no farther apart than this many times the height of the line. Source: the detector's
own cuts at wide blanks, on generated cards."""

BELOW: Final = 2.6
"""A line under another has its middle within this many heights. Source: widest line spacing of labels over values."""

ALIGNED: Final = 0.05
"""Lines of a block start within this share of the card's width of each other."""

CERTAINTY: Final = {
    Place.AFTER: 1.0,
    Place.BELOW: 0.97,
    Place.ABOVE: 0.96,
    Place.BEFORE: 0.95,
    Place.UNDER: 0.9,
    Place.ZONE: 0.85,
    Place.ANYWHERE: 0.8,
}
"""How sure it is that what stands there is the field; ranks candidates that read equally well."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a value: pieces line by line, and how sure its place is."""

    lines: tuple[tuple[Piece, ...], ...] = field(repr=False)
    certainty: float

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All pieces in reading order."""
        return tuple(piece for line in self.lines for piece in line)


def candidates(
    rule: FieldRule, page: Page, taken: Collection[Piece], found: dict[str, Sequence[Piece]]
) -> Iterator[Candidate]:
    """
    Give the candidates for a field, place by place.

    Args:
        rule: The field.
        page: The side.
        taken: Pieces that are other fields already; places without a label leave them alone.
        found: The pieces of the fields found so far.
    """
    for rank, place in enumerate(rule.where):
        sure = CERTAINTY[place] - 0.01 * rank
        if place in (Place.AFTER, Place.BELOW, Place.ABOVE, Place.BEFORE):
            for label in page.labels(map(plain, rule.labels)):
                for lines in _at_label(place, label, rule, page):
                    yield Candidate(lines, sure * label.quality)
        else:
            open_pieces = [piece for piece in page.left_over(taken) if _inside(piece, rule, page)]
            for lines in _elsewhere(place, open_pieces, rule, found):
                yield Candidate(lines, sure)


def _at_label(place: Place, label: Piece, rule: FieldRule, page: Page) -> Iterator[tuple[tuple[Piece, ...], ...]]:
    """Give what stands after, below, above or before a label."""
    if place is Place.BEFORE:
        before = [one for one in page.pieces if one.line == label.line and one.end <= label.start]
        if before and before[-1].label is None:
            yield ((before[-1],),)
        return
    first = _after(label, page) if place is Place.AFTER else _next(label, page, _own(rule), place)
    if first:
        yield (first,) if place is Place.ABOVE else _continued(first, rule, page, label)


def _own(rule: FieldRule) -> frozenset[str]:
    """Give the folded labels of a field."""
    return frozenset(map(plain, rule.labels))


def row_of(piece: Piece, page: Page) -> list[Piece]:
    """Give the pieces that stand in one row with another, itself included, from left to right."""
    row = [one for one in page.pieces if one.line == piece.line or _level(one, piece)]
    return sorted(row, key=lambda one: (one.left, one.start))


def _level(one: Piece, other: Piece) -> bool:
    """Give whether two pieces stand in one row: their middles within half the smaller height."""
    return abs(one.middle - other.middle) <= 0.5 * min(one.height, other.height)


def _after(label: Piece, page: Page) -> tuple[Piece, ...]:
    """Give the pieces behind a label up to the next label, or none."""
    row = [
        one for one in row_of(label, page) if one is not label and one.left >= label.left and not _precedes(one, label)
    ]
    got: list[Piece] = []
    end, room = label.right, FAR * page.width_px
    for one in row:
        if one.label is not None:
            if not got and one.label and one.label == label.label:
                continue
            break
        if one.left - end > room and one.line != label.line:
            break
        got.append(one)
        end, room = one.right, APART * one.height
    return tuple(got)


def _precedes(one: Piece, label: Piece) -> bool:
    """Give whether a piece of the same line stands before a label, or overlaps it from another."""
    return (
        one.end <= label.start if one.line == label.line else one.left < label.left + 0.5 * (label.right - label.left)
    )


def _next(label: Piece, page: Page, own: frozenset[str], place: Place) -> tuple[Piece, ...]:
    """Give the pieces of the first line under a label, or above it; none if another label stands there."""
    way = -1 if place is Place.ABOVE else 1
    near = [one for one in page.pieces if one.label not in own and _is_next(one, label, page, way)]
    if not near:
        return ()
    nearest = min(way * one.middle for one in near)
    row = [one for one in near if way * one.middle - nearest <= 0.6 * max(one.height, label.height)]
    best = min(row, key=lambda one: _aside(one, label))
    return () if best.label is not None else _run(best, page)


def _is_next(one: Piece, label: Piece, page: Page, way: int) -> bool:
    """Give whether a piece stands so close under a label (above it where the way is -1) that it may be its value."""
    reach = ALIGNED * page.width_px
    gap, high = way * (one.middle - label.middle), max(one.height, label.height)
    is_beside = one.left > label.right + reach or one.left < label.left - 2 * reach or one.right < label.left - reach
    return 0.5 * high <= gap <= BELOW * high and not is_beside


def _aside(one: Piece, label: Piece) -> float:
    """Give how far to the side of a label a piece starts, or stands where both are centred."""
    return min(abs(one.left - label.left), abs(one.left + one.right - label.left - label.right) / 2)


def _run(first: Piece, page: Page) -> tuple[Piece, ...]:
    """Give a piece and what follows it closely in its row."""
    got = [first]
    for one in row_of(first, page):
        if one is first or one.left <= first.left:
            continue
        if one.label is not None or one.left - got[-1].right > APART * first.height:
            break
        got.append(one)
    return tuple(got)


def _continued(first: tuple[Piece, ...], rule: FieldRule, page: Page, label: Piece) -> tuple[tuple[Piece, ...], ...]:
    """Give a line and the lines of the same block under it, as many as the field may have."""
    lines = [first]
    while len(lines) < rule.lines:
        under = _next_line(lines[-1][0], first[0].left, rule.spread, page)
        if not under and rule.hanging:
            under = _next_line(lines[-1][0], label.left, rule.spread, page)
        if not under:
            break
        lines.append(under)
    return tuple(lines)


def _next_line(piece: Piece, left: float, spread: float, page: Page) -> tuple[Piece, ...]:
    """Give the line of a block that follows another, or none."""
    for one in page.pieces:
        gap = one.middle - piece.middle
        if gap < 0.5 * piece.height or gap > spread * max(piece.height, one.height):
            continue
        if abs(one.left - left) > ALIGNED * page.width_px:
            continue
        if one.label is not None or _belongs(one, page):
            return ()
        return _run(one, page)
    return ()


def _belongs(piece: Piece, page: Page) -> bool:
    """Give whether a free piece stands right behind a label in its row, and so belongs to that."""
    before = [one for one in row_of(piece, page) if one.left < piece.left and one is not piece]
    return bool(before) and bool(before[-1].label) and piece.left - before[-1].right < FAR * page.width_px


def _inside(piece: Piece, rule: FieldRule, page: Page) -> bool:
    """Give whether a piece's middle lies within a field's zone."""
    left, top, right, bottom = rule.zone
    x = (piece.left + piece.right) / 2 / page.width_px
    y = piece.middle / page.height_px
    return left <= x <= right and top <= y <= bottom


def _elsewhere(
    place: Place, pieces: list[Piece], rule: FieldRule, found: dict[str, Sequence[Piece]]
) -> Iterator[tuple[tuple[Piece, ...], ...]]:
    """Give what stands in a zone, under another field, or anywhere."""
    rows = _rows(pieces)
    if place is Place.UNDER:
        reference = found.get(rule.reference)
        if not reference:
            return
        bottom = max(piece.middle + 0.3 * piece.height for piece in reference)
        rows = [row for row in rows if row[0].middle > bottom][rule.skip :]
        if rows:
            yield _block(rows, rule)
        return
    for at in range(len(rows)):
        if rule.lines > 1:
            yield _block(rows[at:], rule)
        else:
            yield (rows[at],)


def _rows(pieces: Sequence[Piece]) -> list[tuple[Piece, ...]]:
    """Give pieces in rows, from top to bottom, each from left to right; what stands far apart makes rows of its own."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda one: (one.middle, one.left)):
        for row in rows:
            if _level(row[-1], piece) and 0 <= piece.left - row[-1].right + piece.height <= (APART + 1) * piece.height:
                row.append(piece)
                break
        else:
            rows.append([piece])
    return [tuple(row) for row in rows]


def _block(rows: Sequence[tuple[Piece, ...]], rule: FieldRule) -> tuple[tuple[Piece, ...], ...]:
    """Give rows from the first on while they follow each other closely."""
    got = [rows[0]]
    for row in rows[1:]:
        gap = row[0].middle - got[-1][0].middle
        if len(got) == rule.lines or gap > max(BELOW, rule.spread) * max(row[0].height, got[-1][0].height):
            break
        if gap > 0:
            got.append(row)
    return tuple(got)
