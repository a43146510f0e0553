"""Fields that every such card has."""

from collections.abc import Iterator

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.authenticity.logic.facts import Facts


def checks(facts: Facts) -> Iterator[Check]:
    """Give whether every required field was read; what is missing may be covered, blurred or painted over."""
    for side, layout in facts.layouts.items():
        wanted = tuple(rule.name for rule in layout.fields if rule.required)
        missing = tuple(name for name in wanted if not _is_read(facts, name))
        status = CheckStatus.SUSPECTED if missing else CheckStatus.PASSED
        if wanted:
            yield Check(f"{side.value}_fields", status, Concern.UNREADABLE, fields=missing)


def _is_read(facts: Facts, name: str) -> bool:
    """Tell whether a field was read and means something."""
    found = facts.fields.get(name)
    return found is not None and bool(found.value)
