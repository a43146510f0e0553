"""A side's fields out of its lines, by a layout."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ipse.core.cards import addresses, names
from ipse.core.cards.blanks import with_blanks
from ipse.core.cards.card import Field, Side
from ipse.core.cards.layout import FieldRule, Layout
from ipse.core.cards.matching import plain
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.page import Page, Piece, corners_of, cut
from ipse.core.cards.places import Candidate, candidates
from ipse.core.cards.values import Value, read_value
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Floats

LATER = 0.01
"""By how much a reading further down must be better for each one before it: more than two good readings differ by."""

IMPLIED_DOUBT = 0.9
"""By how much less is believed what only follows from a number, than the number."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A value in its candidate's text, and the pieces it takes up."""

    value: Value
    text: str = field(repr=False)
    pieces: tuple[Piece, ...] = field(repr=False)
    certainty: float

    @property
    def score(self) -> float:
        """How good it is: its place, how it fits its kind, how well it was read."""
        return self.certainty * self.value.quality * min(piece.confidence for piece in self.pieces)

    def __contains__(self, other: "_Read") -> bool:
        """Give whether another is only some lines of this one, which would seem better for being shorter."""
        lines = {piece.line for piece in other.pieces}
        return self.certainty == other.certainty and lines < {piece.line for piece in self.pieces}


def read_fields(lines: Sequence[TextLine], size_px: tuple[int, int], layout: Layout, today: date) -> dict[str, Field]:
    """
    Give the fields of a side that a layout describes, by name.

    Args:
        lines: As they were read on the upright, rectified side.
        size_px: Its width and height.
        layout: What stands where.
        today: The day on which it is read; a year of two digits lies before it.
    """
    lines = tuple(map(with_blanks, lines))
    labels = {plain(label) for rule in layout.fields for label in rule.labels}
    page = cut(lines, size_px, sorted(labels), sorted(layout.print_that_is_no_value - labels))
    places: dict[str, Sequence[Piece]] = {}
    taken: list[Piece] = []
    got: dict[str, Field] = {}
    for rule in layout.fields:
        best = None if rule.name in places else _best(rule, page, taken, places, today)
        if best is None:
            continue
        places[rule.name] = best.pieces
        taken.extend(best.pieces)
        got[rule.name] = _field(rule.name, best, lines, layout.side)
        for name, part in _parts(rule, got[rule.name], today):
            got[name] = got.get(name, part) if name != rule.name else part
    return _joined(_respaced(got), layout)


def _best(
    rule: FieldRule, page: Page, taken: Sequence[Piece], places: dict[str, Sequence[Piece]], today: date
) -> _Read | None:
    """Give the best reading of a field among all its places; of near equals the first, from the top."""
    best: _Read | None = None
    met: Counter[float] = Counter()
    for candidate in candidates(rule, page, taken, places):
        read = _read(rule, candidate, today)
        if read and (best is None or (read.score > best.score + LATER * met[candidate.certainty] and read not in best)):
            best = read
        met[candidate.certainty] += read is not None
    return best


def _read(rule: FieldRule, candidate: Candidate, today: date) -> _Read | None:
    """Give what a candidate says as a field."""
    candidate = _ended(candidate, rule)
    text, spans = _text_of(candidate, rule.glue)
    value = read_value(rule, text, today)
    if value is None:
        return None
    used = [
        _narrowed(piece, value.start - start, value.end - start)
        for piece, start in spans
        if start < value.end and start + len(piece.text) > value.start
    ]
    printed = text[value.start : value.end]
    if len(candidate.lines) > 1:
        rows = [[one.text for one in used if any(_is_part(one, piece) for piece in line)] for line in candidate.lines]
        printed = "\n".join(" ".join(row) for row in rows if row)
    return _Read(value, printed, tuple(used), candidate.certainty) if used else None


def _ended(candidate: Candidate, rule: FieldRule) -> Candidate:
    """Give a candidate up to the line that is no more part of the value; its first line always is."""
    for at, line in enumerate(candidate.lines):
        if at and rule.until and re.search(rule.until, " ".join(piece.text for piece in line)):
            return Candidate(candidate.lines[:at], candidate.certainty)
    return candidate


def _text_of(candidate: Candidate, glue: str) -> tuple[str, list[tuple[Piece, int]]]:
    """Give a candidate's text and where each of its pieces starts in it; between lines stands the glue."""
    text = ""
    spans: list[tuple[Piece, int]] = []
    for line in candidate.lines:
        for at, piece in enumerate(line):
            if text:
                text += glue if at == 0 or not glue else " "
            spans.append((piece, len(text)))
            text += piece.text
    return text, spans


def _narrowed(piece: Piece, start: int, end: int) -> Piece:
    """Give the part of a piece between two of its characters; its corners stay those of the whole."""
    first, last = max(0, start), min(len(piece.text), end)
    return replace(piece, start=piece.start + first, end=piece.start + last, text=piece.text[first:last])


def _is_part(one: Piece, whole: Piece) -> bool:
    """Give whether a piece is part of another."""
    return one.line == whole.line and whole.start <= one.start and one.end <= whole.end


def _field(name: str, read: _Read, lines: Sequence[TextLine], side: Side) -> Field:
    """Give what was read as a field."""
    boxes = [corners_of(lines[piece.line], piece.start, piece.end) for piece in read.pieces]
    printed = "\n".join(" ".join(row.split()) for row in read.text.split("\n"))
    legibility = round(min(_legibility(lines[piece.line], piece) for piece in read.pieces), 4)
    return Field(name, read.value.value, printed, round(min(1.0, read.score), 4), side, _around(boxes), legibility)


def _legibility(line: TextLine, piece: Piece) -> float:
    """Give the least that the reader gave any character of a piece but its blanks; the line's mean if that is all."""
    if len(line.confidences) != len(line.text):
        return line.confidence
    known = zip(line.text[piece.start : piece.end], line.confidences[piece.start : piece.end], strict=True)
    return min((sure for letter, sure in known if not letter.isspace()), default=line.confidence)


def _around(boxes: Sequence[Floats]) -> Floats:
    """
    Give the corners around several: a single one's own, else the upright rectangle around all.

    Shape: (4, 2) float32.
    """
    if len(boxes) == 1:
        return boxes[0].astype("float32")
    left, top = (float(min(box[:, axis].min() for box in boxes)) for axis in (0, 1))
    right, bottom = (float(max(box[:, axis].max() for box in boxes)) for axis in (0, 1))
    corners = boxes[0].astype("float32", copy=True)
    corners[:] = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return corners


def _parts(rule: FieldRule, whole: Field, today: date) -> Iterator[tuple[str, Field]]:
    """Give what a field falls into, and what follows from it."""
    value = whole.value or ""
    local = "_local" if rule.name.endswith("_local") else ""
    parts: dict[str, str] = {}
    if rule.split in names.SPLITS:
        parts = names.SPLITS[rule.split](value)
    elif rule.split in addresses.SPLITS:
        parts = addresses.SPLITS[rule.split](addresses.spaced(whole.printed))
    for name, text in parts.items():
        part = name + local if rule.name.startswith("full_name") else name
        yield part, replace(whole, name=part, value=text, printed=text)
    for name in rule.implies:
        number = RULES[rule.rule].parse(value, today)
        told = number and (number.sex if name == "sex" else number.birth_date and number.birth_date.isoformat())
        if told:
            yield name, replace(whole, name=name, value=told, confidence=round(whole.confidence * IMPLIED_DOUBT, 4))


def _respaced(got: dict[str, Field]) -> dict[str, Field]:
    """Give the fields with the blanks that the reader lost in one and not in another of the same letters."""
    spelt: dict[str, str] = {}
    for value in (one.value for one in got.values() if one.value and any(letter.isalpha() for letter in one.value)):
        bare = value.replace(" ", "")
        spelt[bare] = max(spelt.get(bare, ""), value, key=len)
    return {
        name: replace(one, value=spelt[bare]) if (bare := (one.value or "").replace(" ", "")) in spelt else one
        for name, one in got.items()
    }


def _joined(got: dict[str, Field], layout: Layout) -> dict[str, Field]:
    """Give the fields together with those made of several."""
    for name, parts in layout.joined.items():
        there = [got[part] for part in parts if part in got]
        if name in got or not there:
            continue
        got[name] = Field(
            name,
            " ".join(part.value or part.printed for part in there),
            " ".join(part.printed for part in there),
            min(part.confidence for part in there),
            layout.side,
            _around([part.corners_px for part in there]),
        )
    return got
