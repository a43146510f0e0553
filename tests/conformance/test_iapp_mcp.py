"""iapp-mcp 2.1.4, the vendor's tool for language models, over TLS."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance.clients import python_client

if TYPE_CHECKING:
    from tests.conformance.conftest import Vendors

CLIENT = Path(__file__).with_name("iapp_client.py")


def tell(vendors: "Vendors", key: str, card: str, selfie: str) -> str:
    """What the tool says of a card and a selfie."""
    packages = {"PYTHONPATH": str(python_client("iapp-mcp-2.1.4")), "IAPP_API_KEY": key}
    done = vendors.run(sys.executable, "-S", str(CLIENT), vendors.address, card, selfie, variables=packages)
    assert 0 == done.returncode, done.stderr
    return done.stdout


def test_a_card_and_its_holder(vendors: "Vendors") -> None:
    """The tool passes our JSON on as it is: the card first, as its own words say, the selfie second."""
    told = json.loads(tell(vendors, vendors.keys["iapp"][0], "image1.png", "image2.png"))
    assert ["idcard", "selfie", "time_process", "total"] == list(told)
    assert "true" == told["total"]["isSamePerson"]


@pytest.mark.parametrize(
    ("card", "selfie", "words"),
    [
        ("image.jpg", "image_ref1.jpg", "421"),
        ("image1.png", "content_file", "442"),
    ],
)
def test_refusals_reach_the_model(vendors: "Vendors", card: str, selfie: str, words: str) -> None:
    """Status and message of a refusal stand in what the tool says."""
    assert words in tell(vendors, vendors.keys["iapp"][0], card, selfie)


def test_a_wrong_key(vendors: "Vendors") -> None:
    """The tool has words of its own for 401."""
    assert "API key" in tell(vendors, "wrong", "image1.png", "image2.png")
