"""Whether the card is there, whole, alone, the one that it is said to be, and the right way round."""

from collections.abc import Iterator

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import Said, Side
from ipse.core.cards.sight import SideSight


def presence_checks(sight: SideSight, asked: Side, said: Said) -> Iterator[Check]:
    """
    Give the checks of one side: what it was sent as, against what it is.

    What is no such card fails: nothing that was read of it is an answer to what was asked. An edge outside the picture
    and a second card warn: the card itself may be good.
    """
    prefix = asked.value
    if sight.view is None or sight.reading is None:
        yield _told(f"{prefix}_card", Concern.NO_CARD, ok=False)
        return
    yield _told(f"{prefix}_card", Concern.NO_CARD, ok=True)
    yield _warned(f"{prefix}_alone", Concern.SEVERAL_CARDS, ok=sight.cards == 1)
    yield _warned(f"{prefix}_whole", Concern.INCOMPLETE, ok=not sight.is_cut_off)
    kind = sight.reading.kind
    if kind is None:
        yield _told(f"{prefix}_kind", Concern.UNSUPPORTED, ok=False)
        return
    yield _told(f"{prefix}_kind", Concern.WRONG_KIND, ok=said.allows(kind))
    # A small card's zone is on its back: beside it a portrait means that the picture shows both sides.
    shows_both = sight.zone is not None and sight.zone.format == "TD1" and bool(sight.faces)
    yield _told(f"{prefix}_side", Concern.WRONG_SIDE, ok=shows_both or sight.reading.side is asked)


def _told(name: str, concern: Concern, *, ok: bool) -> Check:
    """Give a check that rejects."""
    return Check(name, CheckStatus.PASSED if ok else CheckStatus.FAILED, concern)


def _warned(name: str, concern: Concern, *, ok: bool) -> Check:
    """Give a check that warns."""
    return Check(name, CheckStatus.PASSED if ok else CheckStatus.SUSPECTED, concern)
