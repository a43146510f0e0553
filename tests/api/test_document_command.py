"""`ipse document`: what programs read from it, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import PIL.Image
import pytest
from demo import cards

from tests.commands import run_ipse

WRONG_USAGE = 64

Surroundings: TypeAlias = Callable[..., dict[str, str]]


@pytest.fixture
def card(samples: Path, tmp_path: Path) -> Path:
    """A file with a Thai card on a table."""
    file = tmp_path / "card.jpg"
    file.write_bytes(cards.photographed(cards.thai_card((samples / "obama.jpg").read_bytes())))
    return file


@pytest.mark.slow
def test_a_card_is_told_and_explained(card: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 0; the JSON is that of our own API, and the picture is larger than the card's."""
    picture = tmp_path / "found.png"
    done = run_ipse("document", card, "--explain", picture, "--json", env=surroundings(tmp_path), check=True)
    told = json.loads(done.stdout)
    assert ("THA", "ID_CARD") == (told["nationality"], told["card_type"])
    assert cards.THAI_NUMBER == told["fields"]["id_number"]["value"].replace("-", "")
    assert {"status", "checks", "warnings", "mrz", "not_assessed"} < set(told)
    with PIL.Image.open(picture) as shown:
        assert ("PNG", 1600) == (shown.format, shown.width)
        assert shown.height > 1200  # The picture's own 4 to 3, and words below.


@pytest.mark.slow
def test_a_file_that_is_no_picture_cannot_be_told(surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 0 too: that is an answer, with its reason and the side that it is about."""
    file = tmp_path / "words.txt"
    file.write_text("no picture")
    told = json.loads(run_ipse("document", file, "--json", env=surroundings(tmp_path), check=True).stdout)
    assert ("image_unrecognised", "front", None) == (told["reason"], told["picture"], told["status"])


def test_where_nobody_reads_cards(card: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 0 and says so."""
    done = run_ipse("document", card, "--json", env=surroundings(tmp_path, IPSE_CARDS="off"), check=True)
    assert "not_open" == json.loads(done.stdout)["reason"]


@pytest.mark.parametrize(
    "words",
    [
        ("missing.jpg",),
        (),
        ("card.jpg", "--type", "LICENCE"),
        ("card.jpg", "--nationality", "Thai"),
        ("card.jpg", "--back", "missing.jpg"),
        ("card.jpg", "--explain", "."),
    ],
    ids=["missing", "no file", "type", "nationality", "missing back", "explain into a folder"],
)
def test_wrong_usage(words: tuple[str, ...], card: Path, surroundings: Surroundings, tmp_path: Path) -> None:
    """It ends with 64, and nothing is told."""
    at = [str(tmp_path / word) if word in {"missing.jpg", "card.jpg", "."} else word for word in words]
    done = run_ipse("document", *at, "--json", env=surroundings(tmp_path), check=False)
    assert (WRONG_USAGE, "") == (done.returncode, done.stdout)
    assert card.is_file()
