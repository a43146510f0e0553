"""What trying works with, without a server: the catalogue, the words, source text, and what answers are read as."""

from collections.abc import Mapping
from typing import Any

import pytest

from ipse.capture.signing import sign_bundle
from ipse.console.trying.call import Picture
from ipse.console.trying.catalogue import BIG, catalogue
from ipse.console.trying.finding import Mark, Ruler
from ipse.console.trying.reading.answer import TOLD, Answer, code_of, rounded
from ipse.console.trying.reading.faces import iapp_held, linkface_held, megvii_verified
from ipse.console.trying.snippets import snippets
from ipse.console.trying.trial import Given
from ipse.console.words import LANGUAGES as SPOKEN
from ipse.console.words import Words
from ipse.core.authenticity.check import Concern
from ipse.core.genuineness.judgement import NAMES
from ipse.protocols.operations import OPERATIONS
from ipse.protocols.tencent.verdict import CONCERNS

TRIALS = catalogue(sign_bundle)

CALLED = {
    "faceid": {
        "verify": "verify",
        "verify_token": "detect verify",
        "verify_person": "verify",
        "verify_bundle": "liveness_session verify",
        "detect": "detect",
        "session": "liveness_session",
        "flash_run": "flash_biz_no flash_biz_info",
    },
    "iapp": {
        "face_and_card": "face_and_card",
        "front": "read_front",
        "back": "read_back",
        "card_front": "card_front",
        "card_back": "card_back",
    },
    "linkface": {"handheld": "handhold", "upload": "upload", "handheld_kept": "upload handhold"},
    "tencent": {"apply": "apply_card card_result"},
    "native": {
        "captures": "open_capture",
        "capture": "open_capture capture",
        "compare_capture": "open_capture compare_capture",
        "cards": "cards card_result",
        "people_enter": "enter_person",
        "people_lookup": "find_person",
        "people_remove": "remove_person",
        "case": "cards card_result case",
        "record": "compare record",
        "evidence": "compare evidence",
    },
}
"""Which operations of the wire an entry of the catalogue calls, where it is not the one of its own name."""


@pytest.mark.parametrize("dialect", sorted(set(OPERATIONS) - {"capture"}))
def test_every_operation_can_be_tried(dialect: str) -> None:
    """Every operation of every dialect is called by some entry; only the capture page's own two are its own."""
    entries = [name.partition(".")[2] for name in TRIALS if name.startswith(f"{dialect}.")]
    called = {word for entry in entries for word in CALLED[dialect].get(entry, entry).split()}
    assert OPERATIONS[dialect] == called


@pytest.mark.parametrize("language", SPOKEN)
def test_everything_has_words(language: str) -> None:
    """Every operation, picture, wish, reason, concern and judgement is called something in every language."""
    words = Words(language)
    wanted = {f"op_{name.replace('.', '_')}" for name in TRIALS}
    wanted |= {slot.label for trial in TRIALS.values() for slot in trial.slots}
    wanted |= {wish.label for trial in TRIALS.values() for wish in trial.wishes}
    wanted |= {f"sample_{name}" for trial in TRIALS.values() for slot in trial.slots for name in slot.samples}
    wanted |= {f"reason_{reason.value}" for reason in TOLD}
    wanted |= {f"concern_{name}" for name in (*Concern, *NAMES, *CONCERNS.values())}
    wanted |= {f"dialect_{trial.dialect}" for trial in TRIALS.values()} | {f"big_{n}" for n in range(1, 1 + len(BIG))}
    assert set() == {key for key in wanted if not words.has(f"try.{key}")}


def test_placeholders_stand_for_credentials() -> None:
    """No source text holds a real key: words in capitals stand where key and secret go, in each language."""
    for name, trial in TRIALS.items():
        given = Given({slot.name: Picture(f"{slot.name}.jpg", b"x") for slot in trial.slots})
        for language, text in snippets(trial.steps[0](given, {}), "https://host").items():
            assert "YOUR_KEY" in text, (name, language)


@pytest.mark.parametrize(
    ("strangers", "shown"), [(1.0, "1"), (7.4, "7.4"), (158_000, "160,000"), (2.4e8, "240,000,000"), (0.5, "1")]
)
def test_numbers_are_said_with_two_figures(strangers: float, shown: str) -> None:
    """One in how many is told as people say it."""
    assert shown == rounded(strangers)


def test_a_ruler_places_scores_within_itself() -> None:
    """Scores beyond the ends stand at the ends."""
    ruler = Ruler(0, 200, 50, (Mark(100, 1000),))
    assert [0, 25.0, 50.0, 100] == [ruler.at(score) for score in (-3, 50, 100, 900)]


THRESHOLDS = {"1e-3": 62.169, "1e-5": 74.399, "1e-4": 69.315, "1e-6": 78.038}


@pytest.mark.parametrize(
    ("confidence", "headline", "tone"),
    [(69.315, "same_person", "good"), (69.3, "perhaps_same", "warn"), (62.1, "other_person", "bad")],
)
def test_megvii_is_read_by_the_thresholds_of_its_answer(confidence: float, headline: str, tone: str) -> None:
    """One in ten thousand decides, one in a thousand leaves it open."""
    answer: Mapping[str, Any] = {"result_ref1": {"confidence": confidence, "thresholds": THRESHOLDS}}
    finding = megvii_verified(Answer(200, answer))
    assert (headline, tone) == (finding.headline.key, finding.tone)


def test_linkface_is_read_by_the_table_of_its_page() -> None:
    """0.7 is one stranger in ten thousand, 0.69 is not."""
    assert "same_holder" == linkface_held(Answer(200, {"verify_score": 0.7})).headline.key
    assert "perhaps_same" == linkface_held(Answer(200, {"verify_score": 0.69})).headline.key


def test_iapp_is_read_by_all_of_its_parts() -> None:
    """A good selfie beside a card that is not the one in the hand is not good."""
    parts = {"selfie": {"confidence": 80.0, "isSamePerson": "true"}, "idcard": {"confidence": 10.0}}
    both = {**parts, "total": {"confidence": 45.0, "isSamePerson": "false"}}
    assert "other_holder" == iapp_held(Answer(200, both)).headline.key


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"reason": "face_missing"}, "face_missing"),
        ({"error_message": "NO_FACE_FOUND: image"}, "NO_FACE_FOUND: image"),
        ({"Response": {"Error": {"Code": "FailedOperation.UnOpenError"}}}, "FailedOperation.UnOpenError"),
        ({"request_id": "T", "status": "UNAUTHORIZED"}, "UNAUTHORIZED"),
    ],
)
def test_errors_are_known_in_every_vendors_words(body: Mapping[str, Any], code: str) -> None:
    """The vendor's own word for an error is found wherever it stands."""
    assert code == code_of(Answer(400, body))
