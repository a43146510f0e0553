"""What is told of faults."""

import pytest

from ipse.infra.store.engines import DatabaseError
from ipse.service.faults import told_of


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (ValueError("Zhang San"), {"error": "ValueError"}),
        (DatabaseError("It is away."), {"error": "DatabaseError", "why": "It is away."}),
    ],
)
def test_only_words_for_the_operator_are_told(fault: Exception, told: dict[str, str]) -> None:
    """A database that is away says why; what any other fault says may quote a caller."""
    assert told == told_of(fault)
