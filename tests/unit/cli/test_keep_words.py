"""What `--keep` takes."""

import pytest
import typer

from ipse.cli.keys.words import read_retention


def test_times_are_hours_or_days() -> None:
    """In the singular or the plural; the last word of a kind counts, and nothing is kept for no time."""
    assert {"picture": 24, "template": 168} == read_retention(["pictures=24h", "template=7d", "results=0"])
    assert {"result": 1} == read_retention(["results=30d", "results=1h"])


@pytest.mark.parametrize("word", ["pictures", "pictures=", "pictures=24", "faces=1h", "pictures=-1h", "pictures=1w"])
def test_anything_else_is_refused(word: str) -> None:
    """A time without a unit too: hours and days are easily taken for one another."""
    with pytest.raises(typer.BadParameter):
        read_retention([word])
