"""Identity numbers: one spelling, and the forms that a registry may ask for."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.people.numbers import NumberFormUnknown, number_form
from ipse.core.people.rules import fault


@given(st.text(max_size=30))
def test_a_spelling_is_final(number: str) -> None:
    """The one spelling of the one spelling is itself, and small letters count as capitals."""
    assert one_spelling(number).upper() == one_spelling(one_spelling(number).lower())


@pytest.mark.parametrize(
    ("number", "fits"),
    [
        ("11010119900307002X", True),
        ("110101199003070020", True),
        ("11010119900307002", False),
        ("11010119900307002XX", False),
        ("11010119900307002Y", False),
        ("1101011990030700\uff12X", False),
    ],
)
def test_the_form_of_the_mainland(number: str, fits: bool) -> None:  # noqa: FBT001  # A parameter of the test.
    """17 digits, then a digit or X; nothing else is looked at."""
    assert fits is number_form("mainland").fits(number)


def test_a_wrong_check_digit_is_only_a_warning() -> None:
    """GB 11643 makes it X here."""
    form = number_form("mainland")
    assert [None, "check_digit"] == [form.warning(number) for number in ("11010519491231002X", "110105194912310021")]
    assert form.fits("110105194912310021")


def test_other_forms() -> None:
    """A number of Thailand with its check digit; any expression, matched from end to end."""
    thai, own = number_form("stdnum:th.pin"), number_form("re:[A-Z][0-9]{8}")
    assert [True, False] == [thai.fits(number) for number in ("1234545678781", "1234545678782")]
    assert [True, False, False] == [own.fits(number) for number in ("A12345678", "A123456789", "xA12345678")]
    assert thai.warning("1234545678781") is None
    assert own.warning("A12345678") is None


def test_no_expression_takes_long() -> None:
    """What makes Python's own matcher take hours is linear here."""
    form = number_form("re:(a*)*b")
    began = time.monotonic()
    assert not form.fits("a" * 100_000)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "name",
    ["", "chinese", "re:(", "stdnum:th", "stdnum:th.nothing", "stdnum:os.path", "stdnum:iso7064.mod_11_2", "th.pin"],
)
def test_a_form_that_there_is_not_is_told(name: str) -> None:
    """With what to write instead, and no module but python-stdnum's is ever imported."""
    with pytest.raises(NumberFormUnknown):
        number_form(name)


@pytest.mark.parametrize(
    ("number", "name", "expected"),
    [
        ("11010119900307002x", "王小明", None),
        (" - ", "", "number_missing"),
        ("1", "", "number_form"),
        ("11010119900307002X", " · ", "name_missing"),
        ("11010119900307002X", "名" * 200, None),
        ("11010119900307002X", "名" * 201, "name_long"),
    ],
)
def test_who_can_be_registered(number: str, name: str, expected: str | None) -> None:
    """The number is looked at before the name."""
    assert expected == fault(number, name, number_form("mainland"))


def test_an_endless_number_is_no_number() -> None:
    """Whatever the expression allows."""
    assert "number_form" == fault("1" * 65, "x", number_form("re:[0-9]*"))
