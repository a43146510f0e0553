"""From what both sides show to what was read of the card."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import numpy as np

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic import logic_checks
from ipse.core.authenticity.logic.facts import Facts
from ipse.core.authenticity.photo import photo_checks
from ipse.core.authenticity.presence import presence_checks
from ipse.core.cards.card import CardKind, CardType, Field, Said, Side
from ipse.core.cards.layout import Layout
from ipse.core.cards.reading import CardReading
from ipse.core.cards.sight import SideSight
from ipse.core.cards.unread import as_readable, readable_part, script_checks

MASKED: Final = frozenset({("JPN", "id_number")})
"""
Numbers that are read to be checked and never told.

Source: Japan's My Number Act, article 20: nobody may collect or keep a My Number but for the purposes that it names.
"""

MASK: Final = "*"

MY_NUMBER_CARD: Final = CardKind("JPN", CardType.ID_CARD)
MY_NUMBER: Final = re.compile(r"(?<!\d)(?:\d[ -]?){11}\d(?!\d)")
"""What looks like such a number, in whichever field of its card it was taken up. Source: twelve digits, as printed."""


def judged(
    sights: Mapping[Side, SideSight],
    said: Said,
    layouts: Sequence[Layout],
    today: date,
    philid_key: bytes | None = None,
) -> CardReading:
    """Give what was read of a card and what the checks say of it."""
    kind = _kind(sights)
    checks = [check for side, sight in sights.items() for check in presence_checks(sight, side, said)]
    checks += [check for side, sight in sights.items() for check in photo_checks(sight, side)]
    known = {
        sight.reading.side: sight for sight in sights.values() if sight.reading is not None and sight.view is not None
    }
    if len(sights) > len(known):
        known = {side: sight for side, sight in known.items() if sight.reading and sight.reading.kind == kind}
    if kind is not None:
        checks += _agreement_of_kinds(known)
        shown = {layout.side: layout for layout in layouts if is_of(layout, kind) and layout.side in known}
        readings = {
            side: as_readable(sight.reading, shown.get(side))
            for side, sight in known.items()
            if sight.reading is not None
        }
        known = {side: replace(known[side], reading=reading) for side, reading in readings.items()}
        checks += script_checks(readings, shown)
        facts = Facts(
            sides=readings,
            layouts={side: readable_part(layout, readings[side]) for side, layout in shown.items()},
            zone=next((sight.zone for sight in known.values() if sight.zone is not None), None),
            today=today,
            philid_key=philid_key,
        )
        checks += logic_checks(facts)
    zone = next((sight.zone.lines for sight in known.values() if sight.zone is not None), ())
    missing = {name for sight in known.values() if sight.reading for name in sight.reading.not_assessed}
    certainty = max((sight.reading.certainty for sight in known.values() if sight.reading), default=0.0)
    return CardReading(kind, _told(known, kind), zone, tuple(checks), today, certainty, tuple(sorted(missing)))


def is_of(layout: Layout, kind: CardKind) -> bool:
    """Tell whether a layout is a card's: its own, or that of every such card whoever issued it."""
    mine = layout.kind
    return mine == kind or (not mine.nationality and (mine.type, mine.subtype) == (kind.type, kind.subtype))


def _kind(sights: Mapping[Side, SideSight]) -> CardKind | None:
    """Give the kind that the front was taken for, or else the back: backs are alike where fronts are not."""
    readings = [sight.reading for sight in sights.values() if sight.reading is not None]
    told = [(one.kind, one.side, one.certainty) for one in readings if one.kind is not None]
    best = max(told, key=lambda one: (bool(one[0].nationality), one[1] is Side.FRONT, one[2]), default=None)
    return best[0] if best else None


def _agreement_of_kinds(known: Mapping[Side, SideSight]) -> list[Check]:
    """Give whether both sides are of one card."""
    kinds = {
        (sight.reading.kind.nationality, sight.reading.kind.type)
        for sight in known.values()
        if sight.reading is not None and sight.reading.kind is not None
    }
    if any(nationality for nationality, _ in kinds):  # The front of a card of any state does not say whose it is.
        kinds = {(nationality, type_) for nationality, type_ in kinds if nationality}
    if len(known) < len(Side):
        return []
    status = CheckStatus.PASSED if len(kinds) == 1 else CheckStatus.FAILED
    return [Check("sides_of_one_card", status, Concern.WRONG_KIND)]


def _told(known: Mapping[Side, SideSight], kind: CardKind | None) -> dict[str, Field]:
    """Give the fields of both sides, the front's first, where they stand in the pictures; some are masked."""
    fields: dict[str, Field] = {}
    for side in Side:
        sight = known.get(side)
        if sight is None or sight.reading is None or sight.view is None:
            continue
        scale = sight.image.reduction
        for name, field in sight.reading.fields.items():
            corners = np.asarray(sight.view.to_picture(field.corners_px) * scale, np.float32)
            fields.setdefault(name, _masked(replace(field, corners_px=corners), frozenset({kind, sight.reading.kind})))
    return fields


def _masked(field: Field, kinds: frozenset[CardKind | None]) -> Field:
    """Give a field without its letters where nobody may be told them: as what either side was taken for has it."""
    if any(kind is not None and (kind.nationality, field.name) in MASKED for kind in kinds):
        return replace(field, value=MASK * len(field.value or ""), printed=MASK * len(field.printed))
    if MY_NUMBER_CARD in kinds:
        value, printed = (MY_NUMBER.sub(MASK * 12, text) for text in (field.value or "", field.printed))
        return replace(field, value=field.value and value, printed=printed)
    return field
