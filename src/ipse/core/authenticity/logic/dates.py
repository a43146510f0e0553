"""Dates against each other and against the day of reading."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Final

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic.facts import Facts, judged, not_assessed

IN_ORDER: Final = ("birth_date", "first_issue_date", "issue_date", "expiry_date")
"""Dates that follow each other."""

OLDEST_YEARS: Final = 125
"""Source: the oldest age that was ever proved is 122."""


def checks(facts: Facts) -> Iterator[Check]:
    """Give the checks of dates."""
    known = {name: day for name in IN_ORDER if (day := facts.date(name)) is not None}
    for earlier, later in combinations(known, 2):
        pair = facts.fields[earlier], facts.fields[later]
        # Issued for the first time may be the day of issue.
        yield judged(f"{earlier}_before_{later}", pair, is_right=known[earlier] <= known[later])
    for name in ("birth_date", "first_issue_date", "issue_date"):
        if name in known:
            # Where the card was issued it may be tomorrow already.
            is_past = known[name] <= facts.today + timedelta(days=1)
            yield judged(f"{name}_past", (facts.fields[name],), is_right=is_past)
    if "birth_date" in known:
        age_years = facts.today.year - known["birth_date"].year
        yield judged("birth_date_possible", (facts.fields["birth_date"],), is_right=age_years <= OLDEST_YEARS)
    yield from _expiry(facts)


def _expiry(facts: Facts) -> Iterator[Check]:
    """Give whether the card is still good; one that is over is genuine all the same, so it warns."""
    if "expiry_date" not in {*facts.rules(), *facts.fields}:
        return
    day = facts.date("expiry_date")
    lifelong = facts.fields.get("is_lifelong")
    if lifelong is not None and lifelong.value == "true":
        yield Check("expiry", CheckStatus.PASSED, Concern.EXPIRED, fields=("is_lifelong",))
    elif day is None:
        yield not_assessed("expiry", "not read", "expiry_date", concern=Concern.EXPIRED)
    else:
        status = CheckStatus.PASSED if day >= facts.today else CheckStatus.SUSPECTED
        yield Check("expiry", status, Concern.EXPIRED, fields=("expiry_date",))
