"""What cannot be read of a card because its script cannot: told as such, never as empty."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import Field, Side, SideReading
from ipse.core.cards.layout import FieldRule, Layout

THAI: Final = "thai"
"""What `SideReading.not_assessed` calls Thai."""

LOCAL: Final = "_local"
"""How the names of fields end that stand in the card's own script beside a Latin one."""


def as_readable(reading: SideReading, layout: Layout | None) -> SideReading:
    """
    Give a side without what another script's reader made of Thai, where nobody reads Thai; else as it is.

    Args:
        reading: What the side says.
        layout: What stands where on it; `None` if it is not known, then nothing is told apart.
    """
    if THAI not in reading.not_assessed or layout is None:
        return reading
    unread = {rule.name for rule in layout.fields if is_thai(rule)}
    if not unread:
        return replace(reading, not_assessed=tuple(name for name in reading.not_assessed if name != THAI))
    wrong = [field for name, field in reading.fields.items() if name in unread]
    kept = {name: field for name, field in reading.fields.items() if not _stands_with(field, wrong)}
    return replace(reading, fields=kept)


def readable_part(layout: Layout, reading: SideReading) -> Layout:
    """Give a layout without the fields that nobody can read here: that they are missing says nothing of the card."""
    if THAI not in reading.not_assessed:
        return layout
    return replace(layout, fields=tuple(rule for rule in layout.fields if not is_thai(rule)))


def script_checks(readings: Mapping[Side, SideReading], layouts: Mapping[Side, Layout]) -> Iterator[Check]:
    """
    Give a suspicion for each script of the card that nobody reads here: it is no card that simply passes.

    Args:
        readings: As `as_readable` gives them.
        layouts: All that stands on each side.
    """
    for script in sorted({name for reading in readings.values() for name in reading.not_assessed}):
        fields = [
            rule.name
            for side, layout in layouts.items()
            if script == THAI and script in readings[side].not_assessed
            for rule in layout.fields
            if is_thai(rule)
        ]
        yield Check(
            f"{script}_read",
            CheckStatus.SUSPECTED,
            Concern.UNSUPPORTED,
            fields=tuple(dict.fromkeys(fields)),
            detail={"why": "the data that read it have not been fetched"},
        )


def is_thai(rule: FieldRule) -> bool:
    """Tell whether a field is written in Thai: all its labels are, or it is the local one of two."""
    found = [_has_thai(label) for label in rule.labels]
    return any(found) and (all(found) or rule.name.endswith(LOCAL))


def _has_thai(text: str) -> bool:
    """Tell whether a text has Thai letters."""
    return any("\u0e00" <= letter <= "\u0e7f" for letter in text)


def _stands_with(field: Field, others: Sequence[Field]) -> bool:
    """Tell whether a field is one of others, or a part of one: parts stand where the whole stands."""
    return any(np.array_equal(field.corners_px, other.corners_px) for other in others)
