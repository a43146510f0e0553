"""Request ids of every dialect lead to one call."""

from uuid import UUID

import pytest

from ipse.service.records import call_of

CALL = UUID("71eeb124-08f0-47b3-8fc8-ac048cfa1372")


@pytest.mark.parametrize(
    "request_id",
    [
        "71eeb124-08f0-47b3-8fc8-ac048cfa1372",
        "71EEB124-08F0-47B3-8FC8-AC048CFA1372",
        " 71eeb124-08f0-47b3-8fc8-ac048cfa1372\n",
        "1461740007,71eeb124-08f0-47b3-8fc8-ac048cfa1372",
        "TID71eeb12408f047b38fc8ac048cfa1372",
        "71eeb12408f047b38fc8ac048cfa1372",
    ],
)
def test_every_spelling_is_read(request_id: str) -> None:
    """Plain, Megvii's with its seconds, Linkface's with its three letters."""
    assert CALL == call_of(request_id)


@pytest.mark.parametrize("word", ["", "TID", "1461740007,", "71eeb124", "x71eeb12408f047b38fc8ac048cfa1372", "ß" * 32])
def test_what_is_no_request_id_is_none(word: str) -> None:
    """No error: there is just no such call."""
    assert call_of(word) is None
