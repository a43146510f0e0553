"""
What a card says against itself: exact rules over its fields.

Each module gives `checks(facts)`. A contradiction rejects the card where its fields were surely read; else it warns,
for then the reader may be wrong and not the card.
"""

from ipse.core.authenticity.check import Check
from ipse.core.authenticity.logic import agreement, codes, completeness, dates, numbers
from ipse.core.authenticity.logic.facts import Facts


def logic_checks(facts: Facts) -> tuple[Check, ...]:
    """Give every check of logic that belongs to a card."""
    return (
        *numbers.checks(facts),
        *dates.checks(facts),
        *agreement.checks(facts),
        *codes.checks(facts),
        *completeness.checks(facts),
    )
