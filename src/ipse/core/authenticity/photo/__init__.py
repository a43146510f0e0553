"""
What a picture of a card shows against itself: copies, screens, alterations, and what hides the card.

Each module gives its checks of a side. None of them ever rejects a card: good cards, too, look odd at the stated rate.
"""

from ipse.core.authenticity.check import Check
from ipse.core.authenticity.photo import blur, covered, exposure, grey_copy, portrait, retyped, screen, screenshot
from ipse.core.authenticity.photo.shown import Shown
from ipse.core.authenticity.photo.traces import traces, why_not
from ipse.core.cards.card import Side
from ipse.core.cards.sight import SideSight


def photo_checks(sight: SideSight, side: Side) -> tuple[Check, ...]:
    """Give every photometric check of a side; none where there is no card."""
    if sight.view is None:
        return ()
    shown = Shown(sight, side, sight.view)
    kept = None if why_not(shown) else traces(shown.own)
    found = (
        grey_copy.check(shown),
        screen.check(shown),
        screenshot.check(shown),
        screenshot.edited(shown),
        blur.check(shown),
        exposure.check(shown),
        exposure.exposed(shown),
        covered.check(shown),
        covered.blacked(shown),
        retyped.check(shown, kept),
        portrait.missing(shown),
        portrait.replaced(shown, kept),
        portrait.ghost(shown),
    )
    return tuple(check for check in found if check is not None)
