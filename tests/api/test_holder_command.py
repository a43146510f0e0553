"""`ipse holder`: what programs read from it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from composer.card import drawn_card
from composer.people import opened
from composer.scene import card_alone, person_alone, selfie_with_card, to_jpeg

from tests.commands import run_ipse

WRONG_USAGE = 64

Surroundings: TypeAlias = Callable[..., dict[str, str]]
Told: TypeAlias = Callable[..., dict[str, Any]]


@pytest.fixture
def told(surroundings: Surroundings, weights: Path, tmp_path: Path) -> Told:
    """What the command answers; it ends with 0 whatever was found."""
    assert weights.is_dir()

    def ask(*words: Path | str) -> dict[str, Any]:
        done = run_ipse("holder", *words, "--json", env=surroundings(tmp_path), check=True)
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    return ask


@pytest.mark.shared
def test_holder_and_card_in_one_picture_or_in_two(shared: Path, told: Told, tmp_path: Path) -> None:
    """The same person is told in both, with the places of face, card and portrait."""
    card, holder = (opened(shared / "faces" / "Zico" / f"Zico_000{number}.jpg") for number in (1, 2))
    rng = np.random.default_rng(4)
    drawn = drawn_card(card, rng, with_ghost=False)
    files = {
        "both": selfie_with_card(holder, drawn, 130, rng).jpeg,
        "card": card_alone(drawn, 200, rng).jpeg,
        "selfie": to_jpeg(person_alone(holder, rng), 90),
    }
    for name, content in files.items():
        (tmp_path / f"{name}.jpg").write_bytes(content)
    one = told(tmp_path / "both.jpg")
    two = told(tmp_path / "selfie.jpg", "--card", tmp_path / "card.jpg")
    for answer in (one, two):
        assert answer["same_person"] is True
        assert answer["false_match_rate"] < 1e-4 < answer["similarity"]
        assert 4 == len(answer["card"]["corners"]) == len(answer["holder"]["box"])
        assert "reason" not in answer
    assert ["both"] == [each["role"] for each in one["pictures"]]
    assert ["card", "selfie"] == [each["role"] for each in two["pictures"]]


def test_a_person_without_a_card_cannot_be_told(told: Told, samples: Path) -> None:
    """No verdict, the reason, and the face that was found."""
    answer = told(samples / "obama.jpg")
    assert answer["same_person"] is None
    assert answer["similarity"] is None
    assert answer["false_match_rate"] is None
    assert ("faces_few", "photo") == (answer["reason"], answer["picture"])
    assert 4 == len(answer["holder"]["box"])
    assert answer["card"] is None


def test_what_is_no_picture_cannot_be_told(told: Told, samples: Path, tmp_path: Path) -> None:
    """The picture at fault is named."""
    (tmp_path / "text.jpg").write_text("no picture")
    answer = told(samples / "obama.jpg", "--card", tmp_path / "text.jpg")
    assert (None, "image_unrecognised", "card") == (answer["same_person"], answer["reason"], answer["picture"])


def test_wrong_usage_is_64(surroundings: Surroundings, tmp_path: Path) -> None:
    """No picture, a missing one, a missing card and an unknown option print nothing on standard output."""
    none = str(tmp_path / "none.jpg")
    for words in ((), (none,), (__file__, "--card", none), (__file__, "--fmr", "7"), (__file__, "--nothing")):
        done = run_ipse("holder", *words, env=surroundings(tmp_path))
        assert (words, WRONG_USAGE, "") == (words, done.returncode, done.stdout)
