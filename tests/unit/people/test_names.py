"""When two spellings are the same name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipse.core.people.names import DOTS, is_name, same_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("王小明", " 王 小\u3000明 "),
        ("Wang Xiaoming", "\uff37\uff21\uff2e\uff27 xiao ming"),
        ("阿不都·买买提", "阿不都\u2022买买提"),
        ("阿不都·买买提", "阿不都\u30fb买买提"),
        ("阿不都·买买提", "阿不都\uff65买买提"),
        ("阿不都·买买提", "阿不都\uff0e买买提"),
        ("阿不都·买买提", "阿不都买买提"),
        ("Straße", "STRASSE"),
        ("José", "Jose\u0301"),
        ("王\u200b小明", "\ufeff王小明"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    """Width, case, spaces, dots, marks that nobody sees and the way an accent is put together do not count."""
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("王小明", "王大明"), ("José", "Jose"), ("Anna-Maria", "Anna Maria"), ("王小明", "小明王")]
)
def test_other_names(one: str, other: str) -> None:
    """Other letters, accents, hyphens and orders do."""
    assert not same_name(one, other)


@given(st.text(max_size=40), st.sampled_from(sorted(DOTS)))
def test_a_name_stays_the_same_through_what_people_do_to_it(name: str, dot: str) -> None:
    """Any text in capitals, small letters or with dots and spaces around it is itself."""
    assert same_name(name, name.upper().lower()) or same_name(name.upper(), name.upper().lower())
    assert same_name(name, f" {dot}{name}\u3000")


@pytest.mark.parametrize("text", ["", "  ", "·", "\u200b", "."])
def test_what_is_no_name(text: str) -> None:
    """Nothing of these counts in a name."""
    assert not is_name(text)
