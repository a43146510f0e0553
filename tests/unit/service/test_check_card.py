"""Cards as the bytes of a job."""

from hypothesis import given
from hypothesis import strategies as some

from ipse.service.check_card import CardToCheck, packed, unpacked


@given(some.text(), some.text(), some.binary(), some.none() | some.binary())
def test_a_card_comes_back_as_it_was(nationality: str, kind: str, front: bytes, back: bytes | None) -> None:
    """Whatever the words and the pictures are, and whether or not there is a back."""
    card = CardToCheck(nationality, kind, front, back)
    assert card == unpacked(packed(card))
