"""Megvii's table of errors: where it says one thing for several of our reasons, that is meant."""

from ipse.core.reasons import Reason
from ipse.protocols.faceid import errors


def test_rows_with_equal_words_are_meant_to_be_equal() -> None:
    """Where the vendor has one word for several of our reasons, these are the groups; a new one is a mistake."""
    groups: dict[str, set[Reason]] = {}
    for reason, row in errors.ERRORS.items():
        assert row.source.strip()
        if row.source == errors.NEVER:
            continue
        groups.setdefault(row.words, set()).add(reason)
    shared = {frozenset(group) for group in groups.values() if len(group) > 1}
    assert {
        frozenset({Reason.CREDENTIALS_MISSING, Reason.ARGUMENT_MISSING}),
        frozenset(
            {
                Reason.KEY_DISABLED,
                Reason.KEY_EXPIRED,
                Reason.KEY_SUSPENDED,
                Reason.OPERATION_DENIED,
                Reason.CREDIT_SPENT,
                Reason.NOT_OPEN,
            }
        ),
        frozenset({Reason.CREDENTIALS_INVALID, Reason.CREDENTIALS_MALFORMED, Reason.CREDENTIALS_STALE}),
        frozenset({Reason.BUSY, Reason.RATE_EXCEEDED, Reason.CONCURRENCY_EXCEEDED}),
        frozenset(
            {Reason.IMAGE_UNRECOGNISED, Reason.IMAGE_TRUNCATED, Reason.IMAGE_CORRUPT, Reason.IMAGE_TOO_COMPLEX},
        ),
    } == shared
