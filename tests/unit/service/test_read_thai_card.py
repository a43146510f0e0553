"""When the number of a Thai card cannot be believed."""

from datetime import date

import numpy as np
import pytest

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import Field, Side
from ipse.core.cards.reading import CardReading
from ipse.core.reasons import Reason
from ipse.service.read_thai_card import THAI_CARD, _number_trouble

CORNERS = np.array([(0, 0), (100, 0), (100, 20), (0, 20)], np.float32)


@pytest.mark.parametrize(
    ("printed", "check", "status", "trouble"),
    [
        ("1 1017 00203 45 1", "id_number_check_digit", CheckStatus.PASSED, None),
        ("1 1017 00203 45 2", "id_number_check_digit", CheckStatus.FAILED, Reason.CARD_NUMBER_WRONG),
        ("1 1017 00203 45", "id_number_shape", CheckStatus.SUSPECTED, Reason.CARD_NUMBER_UNREADABLE),
        ("1 1O17 0O203 45 2", "id_number_shape", CheckStatus.SUSPECTED, Reason.CARD_NUMBER_UNREADABLE),
    ],
)
def test_a_number_with_letters_that_nothing_explains_was_not_read(
    printed: str, check: str, status: CheckStatus, trouble: Reason | None
) -> None:
    """Thirteen characters are no number of thirteen digits."""
    field = Field("id_number", printed, printed, 0.9, Side.FRONT, CORNERS)
    checks = (Check(check, status, Concern.CONTRADICTORY),)
    card = CardReading(THAI_CARD, {"id_number": field}, (), checks, date(2026, 11, 21))
    assert trouble is _number_trouble(card, Side.FRONT)
