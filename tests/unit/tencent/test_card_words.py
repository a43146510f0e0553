"""The words that Tencent's answers have for a card beside what it says."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import CardKind, CardType
from ipse.core.cards.reading import CardReading
from ipse.protocols.tencent.verdict import CONCERNS, card_subtype, status, warn_info

TODAY = date(2026, 11, 21)


def identity(nationality: str, subtype: str = "") -> CardKind:
    """An identity card."""
    return CardKind(nationality, CardType.ID_CARD, subtype)


def licence(nationality: str) -> CardKind:
    """A driving licence."""
    return CardKind(nationality, CardType.DRIVING_LICENSE)


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (identity("THA"), "NATIONAL_ID"),
        (identity("HKG"), "NATIONAL_ID"),
        (identity("MYS", "mykad"), "NATIONAL_ID"),
        (identity("MYS", "mykid"), "NATIONAL_ID"),
        (identity("MYS", "mypr"), "RESIDENT_PERMIT_ID"),
        (identity("MYS", "mykas"), "RESIDENT_PERMIT_ID"),
        (identity("MYS", "ikad"), "RESIDENT_PERMIT_ID"),
        (identity("MYS", "mytentera"), "MILITARY_ID"),
        (identity("MYS", "polis"), "PUBLIC_SAFETY_ID"),
        (identity("SGP", "nric"), "NATIONAL_ID"),
        (identity("SGP", "fin"), "RESIDENT_PERMIT_ID"),
        (identity("PHL", "philid"), "NATIONAL_ID"),
        (identity("PHL", "voter"), "ELECTORAL_ID"),
        (identity("PHL", "tin"), "TAX_ID"),
        (identity("PHL", "sss"), "OTHER_ID"),
        (identity("PHL", "umid"), "OTHER_ID"),
        (licence("THA"), "REGULAR_DRIVING_LICENSE"),
        (CardKind("MYS", CardType.DRIVING_LICENSE, "learner"), "LEARNING_DRIVING_LICENSE"),
        (CardKind("UTO", CardType.PASSPORT), "E_PASSPORT"),
        (CardKind("UTO", CardType.VISA), "VISA"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_subtypes(kind: CardKind, word: str) -> None:
    """`CardSubType` is a word of the vendor's list."""
    assert word == card_subtype(kind)


def test_every_concern_has_a_word() -> None:
    """The table over concerns is total."""
    assert set(Concern) == set(CONCERNS)


some_checks = some.lists(
    some.builds(Check, some.sampled_from(["one", "two"]), some.sampled_from(CheckStatus), some.sampled_from(Concern))
)


def judged(checks: list[Check], kind: CardKind | None = None) -> CardReading:
    """A card of which only its checks are known."""
    return CardReading(kind, {}, (), tuple(checks), TODAY)


@given(some_checks)
def test_what_rejects_is_told_before_what_warns(checks: list[Check]) -> None:
    """Words of failed checks come first, then those of suspected ones, no word twice, none of the others."""
    failed, suspected = (
        [CONCERNS[check.concern] for check in checks if check.status is one]
        for one in (CheckStatus.FAILED, CheckStatus.SUSPECTED)
    )
    assert list(dict.fromkeys(failed + suspected)) == warn_info(judged(checks))


@pytest.mark.parametrize(
    ("checks", "kind", "expected"),
    [
        ([Check("front_card", CheckStatus.PASSED, Concern.NO_CARD)], identity("THA"), ("PASSED", [])),
        ([Check("front_card", CheckStatus.PASSED, Concern.NO_CARD)], identity("HKG"), ("WARNING", ["IncompleteCard"])),
        ([Check("back_card", CheckStatus.PASSED, Concern.NO_CARD)], identity("HKG"), ("PASSED", [])),
        (
            [Check("front_kind", CheckStatus.FAILED, Concern.WRONG_KIND)],
            identity("HKG"),
            ("REJECTED", ["OtherWarning", "IncompleteCard"]),
        ),
        (
            [Check("front_whole", CheckStatus.SUSPECTED, Concern.INCOMPLETE)],
            identity("HKG"),
            ("WARNING", ["IncompleteCard"]),
        ),
        ([Check("front_card", CheckStatus.FAILED, Concern.NO_CARD)], None, ("REJECTED", ["OtherWarning"])),
    ],
)
def test_a_back_that_is_missing_warns(
    checks: list[Check], kind: CardKind | None, expected: tuple[str, list[str]]
) -> None:
    """With AUTO a back that the card needs is missed only once the card was read."""
    card = judged(checks, kind)
    assert expected == (status(card), warn_info(card))
