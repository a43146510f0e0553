"""What was read of a card as the bytes of a job's result."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some

from ipse.core.authenticity.check import Check, CheckStatus, Concern
from ipse.core.cards.card import CardKind, CardType, Field, Side
from ipse.core.cards.reading import CardReading
from ipse.service.packed_card import pack, unpack

kinds = some.none() | some.builds(CardKind, some.text(), some.sampled_from(CardType), some.text())
tenths = some.integers(-10_000, 10_000).map(lambda number: number / 10)
corners = some.lists(some.tuples(tenths, tenths), min_size=4, max_size=4).map(lambda each: np.array(each, np.float32))
fields = some.lists(
    some.builds(
        Field,
        some.text(),
        some.none() | some.text(),
        some.text(),
        some.floats(0, 1),
        some.sampled_from(Side),
        corners,
    )
)
numbers = some.none() | some.floats(allow_nan=False, allow_infinity=False)
checks = some.builds(
    Check,
    some.text(),
    some.sampled_from(CheckStatus),
    some.sampled_from(Concern),
    numbers,
    numbers,
    numbers,
    some.lists(some.text()).map(tuple),
    some.dictionaries(some.text(), some.text()),
)
readings = some.builds(
    CardReading,
    kinds,
    fields.map(lambda each: {one.name: one for one in each}),
    some.lists(some.text()).map(tuple),
    some.lists(checks).map(tuple),
    some.dates(),
    some.floats(0, 1),
    some.lists(some.text()).map(tuple),
)


@given(readings)
def test_a_packed_card_comes_back_as_it_was(card: CardReading) -> None:
    """A job's result says all that was read, corners to a tenth of a pixel."""
    again = unpack(pack(card))
    assert (card.kind, card.zone, card.checks, card.read_on) == (again.kind, again.zone, again.checks, again.read_on)
    assert (card.certainty, card.not_assessed) == (again.certainty, again.not_assessed)
    assert list(card.fields) == list(again.fields)
    for one, other in zip(card.fields.values(), again.fields.values(), strict=True):
        assert (one.name, one.value, one.printed, one.confidence, one.side) == (
            *(other.name, other.value, other.printed),
            *(other.confidence, other.side),
        )
        np.testing.assert_allclose(one.corners_px, other.corners_px, atol=0.051)
