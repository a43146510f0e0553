"""From a kind, a seed and a rendering to a card."""

import random
from collections.abc import Callable
from typing import Final

from specimens.cards import PLANS
from specimens.paper import across
from specimens.portraits import silhouette
from specimens.sheet import Sheet
from specimens.words import Drawn, Person, Pixels, Specimen

RENDERINGS: Final = ("a", "b")

KINDS: Final = tuple(PLANS)
"""The kinds that can be drawn: `CardKind.name`."""


def person_of(kind: str, seed: int, rendering: str) -> Person:
    """Give the invented holder of a card."""
    return PLANS[kind].person(random.Random(f"person/{kind}/{rendering}/{seed}"), rendering)


def printed_for(
    kind: str, seed: int, rendering: str, person: Person, portrait: Pixels | None, ghost: Pixels | None = None
) -> Specimen:
    """Give the card of a person; `ghost` is whose faint second portrait it bears, if another's."""
    plan = PLANS[kind]
    face = silhouette() if portrait is None else portrait

    def side(name: str, prints: Callable[[Sheet, Person, Pixels], None]) -> Drawn:
        dice = random.Random(f"sheet/{name}/{kind}/{rendering}/{seed}")
        sheet = Sheet(plan.size, rendering, person.values, dice)
        sheet.other = ghost
        prints(sheet, person, face)
        across(sheet)
        return sheet.finish()

    return Specimen(kind, person, side("front", plan.front), side("back", plan.back) if plan.back else None)


def draw(kind: str, seed: int, rendering: str = "a", portrait: Pixels | None = None) -> Specimen:
    """
    Give a specimen, the same each time for the same arguments.

    Args:
        kind: One of `KINDS`.
        seed: Decides person, numbers, dates and where exactly things stand.
        rendering: `"a"`, or `"b"`, which is held out: nobody writes a layout against it.
        portrait: (H, W, 3) uint8 RGB of a face; without it, a silhouette.
    """
    if rendering not in RENDERINGS:
        raise ValueError(f"no rendering {rendering!r}")
    return printed_for(kind, seed, rendering, person_of(kind, seed, rendering), portrait)
