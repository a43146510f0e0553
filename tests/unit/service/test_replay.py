"""Replaying a record: what is compared with what is here, and one word for all of it."""

from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from ipse.core.scoring.calibration import Curve, Knot, Provenance
from ipse.core.vocabulary import Recipe, Template
from ipse.infra.master_key import MasterKey
from ipse.infra.signing import EvidenceKey, is_signed
from ipse.service.compare_faces import CompareFacesCommand, CompareFacesOutcome, Judged, Judging
from ipse.service.evidence import Recorder, canonical, signed, unsigned
from ipse.service.ports import LedgerEntry
from ipse.service.replay import (
    NoRecordError,
    decision_of,
    made_with,
    matched,
    measured_again,
    overall,
    similarities,
    wish_of,
)
from ipse.service.verify_faces import Picture
from ipse.service.yardstick import Yardstick

RECIPE = Recipe("balanced", "float32", "e" * 64, "d" * 64)
CURVE = Curve(
    RECIPE, (Knot(-1, 0, 0, 0), Knot(1, -8, -9, -7)), 1e-6, Provenance("set", "people", "2026-01-01", 1, 1, 1, 1)
)
YARDSTICK = Yardstick(CURVE, "ipse 1")
PROBE, REFERENCE = Picture("probe", b"probe"), Picture("references[0]", b"reference")
ENTRY = LedgerEntry(UUID(int=7), 1461740007.25, "key", "native", "compare", "ok", 200, 1, counted=True, elapsed_ms=12.5)


def template(cosine: float) -> Template:
    """A template so similar to the first axis."""
    return Template(np.array([cosine, np.sqrt(1 - cosine**2)], np.float32), RECIPE)


def decision(alike: float = 0.5) -> Any:
    """A decision as it is read back from a record."""
    judging = Judging(at_most=1e-4)
    measured = YARDSTICK.measure(alike)
    outcome = CompareFacesOutcome(
        judging, (Judged(REFERENCE.name, measured, same_person=measured.is_one_person(1e-4)),), {}
    )
    return decision_of(
        {
            "format": "x",
            "decision": Recorder(YARDSTICK).compare(CompareFacesCommand(PROBE, (REFERENCE,), judging), outcome),
        }
    )


def differing(findings: Any) -> set[str]:
    """What differs."""
    return {one.what for one in findings if one.verdict == "differs"}


def test_a_record_is_signed_over_every_byte() -> None:
    """Whoever changes, adds or takes away anything breaks the signature; spaces and order are no matter."""
    key = EvidenceKey(MasterKey(bytes(32)))
    record = signed(unsigned(ENTRY, decision()), key)
    value = record["signature"]["value"]
    assert is_signed(key.public, canonical(record), value)
    assert is_signed(key.public, canonical(dict(reversed(record.items()))), value)
    for changed in ({**record, "status": 201}, {**record, "more": None}, {**record, "at": record["at"][:-1]}):
        assert not is_signed(key.public, canonical(changed), value)
    assert not is_signed(EvidenceKey(MasterKey(bytes([1] * 32))).public, canonical(record), value)
    assert not is_signed("no key", canonical(record), value)


def test_a_record_tells_nothing_about_anybody() -> None:
    """Neither the caller's key nor the pictures are in it, only digests."""
    text = canonical(unsigned(ENTRY, decision())).decode()
    assert sha256(b"probe").hexdigest() in text
    assert '"key"' not in text


def test_the_signing_key_outlives_a_new_master_key() -> None:
    """A master key that seals from now on signs with the key of the database, which is that of the first."""
    old = MasterKey(bytes(32))
    ring = MasterKey(bytes([1] * 32), bytes(32)).hashing_like(old.ids[0])
    assert EvidenceKey(old).public == EvidenceKey(ring).public


def test_the_same_comes_out_the_same() -> None:
    """Equal templates, weights and curve are the same in every finding."""
    told = decision(YARDSTICK.compare(template(1), template(0.5)).similarity)
    templates = {"probe": template(1), "references[0]": template(0.5)}
    findings = [*made_with(told, YARDSTICK), *measured_again(told, similarities(told, templates), YARDSTICK)]
    assert "same" == overall(findings)
    assert 8 == len(findings)


@pytest.mark.parametrize(
    "other",
    [{"precision": "bfloat16"}, {"profile": "fast"}, {"embedder": "f" * 64}, {"detector": "f" * 64}],
    ids=lambda other: next(iter(other)),
)
def test_each_part_of_the_recipe_is_named(other: dict[str, str]) -> None:
    """Other precision, profile or weights are named, and the curve that belongs to them."""
    recipe = Recipe(**{**{name: getattr(RECIPE, name) for name in RECIPE.__slots__}, **other})
    here = Yardstick(replace(CURVE, recipe=recipe), "ipse 1")
    assert {*other, "curve"} == differing(made_with(decision(), here))


def test_a_changed_similarity_rate_or_judgement_is_named() -> None:
    """Each number of a score is held against what comes out here."""
    templates = {"probe": template(1), "references[0]": template(0.5)}
    pair = "probe / references[0]"
    expected = {
        "similarity": {f"similarity of {pair}", f"false match rate of {pair}"},
        "false_match_rate": {f"false match rate of {pair}"},
        "same_person": {f"same person of {pair}"},
    }
    for name, value in (("similarity", 0.49), ("false_match_rate", 2e-6), ("same_person", False)):
        told = decision(0.5)
        told["scores"][0][name] = value
        assert expected[name] == differing(measured_again(told, similarities(told, templates), YARDSTICK))


def test_what_cannot_be_computed_stays_unknown() -> None:
    """A score without its template, as of a registered person, is neither the same nor different."""
    told = decision()
    findings = list(measured_again(told, similarities(told, {"probe": template(1)}), YARDSTICK))
    assert ["unknown"] == [one.verdict for one in findings]
    assert "unknown" == overall(findings)


def test_pictures_are_known_by_their_digests() -> None:
    """They may come in any order; one that is none of the record's stands against the first that is missing."""
    found, findings = matched(decision(), [b"reference", b"probe"])
    assert ({"probe": b"probe", "references[0]": b"reference"}, "same") == (found, overall(findings))
    found, findings = matched(decision(), [b"other", b"probe"])
    assert ({"probe"}, {"picture references[0]"}) == (set(found), differing(findings))
    assert "unknown" == overall(matched(decision(), [b"probe"])[1])


@pytest.mark.parametrize("record", [{}, {"decision": {}}, {"format": "x", "decision": {"kind": 1}}, {"format": "x"}])
def test_what_is_no_record_is_told(record: dict[str, Any]) -> None:
    """Anything else than a record is refused by itself, before a network is opened."""
    with pytest.raises(NoRecordError):
        decision_of(record)
    with pytest.raises(NoRecordError):
        wish_of({"options": {"subject": "nobody"}})


@pytest.mark.parametrize(
    ("member", "forged"),
    [
        ("scores", ["x"]),
        ("inputs", [5]),
        ("options", {"at_most": "often"}),
        ("options", {"at_most": None}),
        ("options", {"at_most": float("nan")}),
        ("options", {"at_most": True}),
    ],
)
def test_a_forged_decision_is_no_record(member: str, forged: object) -> None:
    """Parts of another kind are refused, each in words."""
    with pytest.raises(NoRecordError):
        decision_of({"format": "x", "decision": {**decision(), member: forged}})


@pytest.mark.parametrize("forged", [float("nan"), float("inf"), 10**400, True, "0.5", None, [0.5]])
def test_a_forged_similarity_differs(forged: object) -> None:
    """What is no similarity differs from the one that comes out here, and the rate is that of here."""
    told = decision(0.5)
    told["scores"][0]["similarity"] = forged
    alike = {("probe", "references[0]"): 0.5}
    assert {"similarity of probe / references[0]"} == differing(measured_again(told, alike, YARDSTICK))


def test_a_digest_that_is_none_stands_for_no_picture() -> None:
    """A list in the place of a digest is no picture's, so the picture that is given differs."""
    told = decision()
    told["inputs"][0]["sha256"] = [1]
    assert {"picture probe"} == differing(matched(told, [b"probe", b"reference"])[1])
