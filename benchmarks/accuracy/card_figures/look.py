"""One made-up card through the real pipeline, and what became of it; and what its networks alone cost."""

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np

import specimens
from card_figures.letters import Letters, Line, counted, counted_zone
from card_figures.meter import Meter, lines_and_codes_metered
from ipse.core.authenticity.check import CheckStatus
from ipse.core.cards.card import CardKind, CardType, Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.layout import Layout
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.sight import SideSight
from ipse.core.images import Limits
from ipse.core.vocabulary import Pixels
from ipse.verifier import Untimed

TODAY: Final = date(2026, 11, 21)
"""The day on which all cards are read; those who draw them let none expire before it."""

CRASHED: Final = "crashed"
"""Answer and status of a card on which the pipeline broke; its sides are then not known."""

ZONE: Final = "mrz"
"""Lines of this script are compared with those of the zone as it was read and repaired."""

NOT_ON_SIDE: Final = frozenset({"mrz"})
"""Fields that are counted by their letters, not as a field."""


@dataclass(slots=True)
class SideSeen:
    """
    What became of one side.

    Attributes:
        side: Which one was sent.
        answer: What it was taken for: "right", "wrong" or "none".
        same_subtype: Whether its subtype is right as well.
        seconds: CPU time of `look`.
        bare: CPU time spent in networks, Tesseract, barcodes and lines, by part.
        fields: (name, is a number, "right" | "wrong" | "missing", confidence).
        letters: Errors by script.
    """

    side: str
    answer: str
    same_subtype: bool
    seconds: float
    bare: dict[str, float]
    fields: list[tuple[str, bool, str, float]]
    letters: dict[str, Letters]


@dataclass(slots=True)
class CardSeen:
    """What became of one card: what was drawn, its answer as of its sides, its status, checks not passed, its sides."""

    kind: str
    seed: int
    level: str
    answer: str
    status: str
    failed: list[str]
    suspected: list[str]
    sides: list[SideSeen] = field(default_factory=list)

    def packed(self) -> dict[str, Any]:
        """Give it as JSON has it."""
        return asdict(self)

    @classmethod
    def unpacked(cls, told: Mapping[str, Any]) -> "CardSeen":
        """Give it from JSON."""
        sides = [
            SideSeen(**{**side, "letters": {script: Letters(**one) for script, one in side["letters"].items()}})
            for side in told["sides"]
        ]
        return cls(**{**told, "sides": sides})


def seen(
    examiner: CardExaminer, meter: Meter, card: specimens.Specimen, seed: int, level: str, said: Said | None = None
) -> CardSeen:
    """Give what becomes of a card at a level; the meter is the examiner's."""
    said = said or Said()
    sights: dict[Side, SideSight] = {}
    sides = []
    for side, drawn in ((Side.FRONT, card.front), (Side.BACK, card.back)):
        if drawn is None:
            continue
        photo = specimens.degrade(drawn.pixels, level, seed + (side is Side.BACK) * 500_000)
        meter.start()
        with lines_and_codes_metered(meter):
            sights[side] = examiner.look(photo.jpeg, side, said, TODAY, Limits(), Untimed())
            seconds = meter.whole
        sides.append(_side(card, side, photo, sights[side], examiner.layouts, (seconds, dict(meter.seconds))))
    found = examiner.judge(sights[Side.FRONT], sights.get(Side.BACK), said, TODAY, Untimed())
    return CardSeen(
        card.kind,
        seed,
        level,
        answer(card, found.kind),
        found.status.value,
        [check.name for check in found.checks if check.status is CheckStatus.FAILED],
        [check.name for check in found.checks if check.status is CheckStatus.SUSPECTED],
        sides,
    )


def _side(
    card: specimens.Specimen,
    side: Side,
    photo: specimens.Photo,
    sight: SideSight,
    layouts: tuple[Layout, ...],
    cost: tuple[float, dict[str, float]],
) -> SideSeen:
    """Give what became of one side."""
    drawn = card.front if side is Side.FRONT or card.back is None else card.back
    kind = sight.reading.kind if sight.reading else None
    is_same = kind is not None and kind.subtype == (card.kind.split("-")[2:] or [""])[0].removeprefix("td3")
    printed = [Line.of(line.text, line.corners, line.script) for line in drawn.lines]
    fields = []
    for name, told in drawn.fields.items():
        if name in NOT_ON_SIDE:
            continue
        found = sight.reading.fields.get(name) if sight.reading else None
        state = "missing" if found is None else "right" if _same(found.value, told.value) else "wrong"
        fields.append((name, _is_number(card.kind, name, layouts), state, found.confidence if found else 0.0))
    letters = counted([line for line in printed if line.script != ZONE], _read(photo, sight))
    if zone := [line for line in printed if line.script == ZONE]:
        letters[ZONE] = counted_zone(zone, sight.reading.zone if sight.reading else ())
    return SideSeen(side.value, answer(card, kind), is_same, cost[0], cost[1], fields, letters)


def _same(told: str | None, wanted: str) -> bool:
    """Tell whether a value is the one that is printed; digits may be of either width."""
    return told is not None and unicodedata.normalize("NFKC", told) == unicodedata.normalize("NFKC", wanted)


def _is_number(kind: str, name: str, layouts: tuple[Layout, ...]) -> bool:
    """Tell whether a field has a rule for its number."""
    nationality = kind.split("-", maxsplit=1)[0]
    if nationality == "any":
        return name == "document_number"
    ruled = {field.name for layout in layouts if layout.kind.name == kind for field in layout.fields if field.rule}
    return name in ruled or f"{nationality}-{name}" in RULES


def _read(photo: specimens.Photo, sight: SideSight) -> list[Line]:
    """Give the lines that were read, where they stand on the drawn side; those of a zone as they were repaired."""
    if sight.reading is None or sight.view is None:
        return []
    back = np.linalg.inv(photo.homography)
    lines = []
    for line in sight.reading.lines:
        placed = np.asarray(sight.view.to_picture(line.corners_px) * sight.image.reduction, np.float64)
        flat = np.column_stack((placed, np.ones(4))) @ back.T
        lines.append(Line.of(line.text, (flat[:, :2] / flat[:, 2:]).astype(np.float32)))
    return lines


def answer(card: specimens.Specimen, kind: CardKind | None) -> str:
    """
    Tell whether nationality and type are right.

    A passport's nationality is its issuer; a card of which only the format was told is not told. A card of the formats
    TD1 and TD2 is an identity card or a passport card, as the first letter of its zone has it: both are right.
    """
    if kind is None or not kind.nationality:
        return "none"
    nationality, wanted, *_ = card.kind.split("-")
    issuer = card.person.values.get("issuing_country", "") if nationality == "any" else nationality.upper()
    types = {CardType(wanted)} | ({CardType.ID_CARD} if card.kind.endswith(("td1", "td2")) else set())
    return "right" if kind.nationality == issuer and kind.type in types else "wrong"


def portrait_of(pixels: Pixels) -> Pixels:
    """Give the middle of a picture of the folders, as a card's portrait shows it: head and shoulders."""
    height, width = pixels.shape[:2]
    return np.ascontiguousarray(pixels[height // 8 : height - height // 16, width // 6 : width - width // 6])
