"""
A signed record against what is here now: the same pictures, weights, curve and numbers, or what differs.

Nothing here reads a file; whoever replays hands over what is in the record and what was found again.
"""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeGuard, get_args

from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Wish
from ipse.core.genuineness.judgement import Judgements
from ipse.core.vocabulary import Subject, Template
from ipse.service.evidence import HOLDER, PORTRAIT, VISIBLE
from ipse.service.match_holder import MatchHolderCommand, MatchHolderOutcome, Roles
from ipse.service.verify_faces import Picture
from ipse.service.yardstick import Yardstick

Verdict: TypeAlias = Literal["same", "differs", "unknown"]

SAME_WITHIN: Final = 1e-6
"""
How far two similarities may lie apart and still be the same.

Source: arithmetic: float32 has steps of 6e-8 below 1; other processors add 128 products in another order.
"""

RATE_WITHIN: Final = 1e-9
"""How far two rates of one similarity on one curve may lie apart, of their size. Source: float64, as above."""


SCORE_WITHIN: Final = 1e-4
"""How far two scores of a judgement may lie apart. Source: answers tell four digits; other processors add otherwise."""


class NoRecordError(ValueError):
    """What was given is no record of a decision that can be replayed."""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing that was looked at.

    Attributes:
        what: Its name.
        verdict: Whether it is the same here.
        recorded: What the record says of it.
        here: What is so here.
    """

    what: str
    verdict: Verdict
    recorded: object = None
    here: object = None


def overall(findings: Sequence[Finding]) -> Verdict:
    """Give one word for all: any difference is a difference, and anything unknown leaves it unknown."""
    verdicts = {finding.verdict for finding in findings}
    if "differs" in verdicts:
        return "differs"
    return "unknown" if "unknown" in verdicts or not verdicts else "same"


def decision_of(record: Mapping[str, Any]) -> Mapping[str, Any]:
    """
    Give the decision in a record, with every member that replaying needs.

    Raises:
        NoRecordError: It is no record, or one of a kind that is not known here.
    """
    decision = record.get("decision")
    wanted = {"kind": str, "inputs": list, "options": dict, "scores": list, "models": dict, "curve": dict}
    if not isinstance(decision, dict) or not isinstance(record.get("format"), str):
        raise NoRecordError("this is no record of a decision")
    for name, kind in wanted.items():
        if not isinstance(decision.get(name), kind):
            raise NoRecordError(f"the decision has no {name}")
    if not all(isinstance(one, dict) for name in ("inputs", "scores") for one in decision[name]):
        raise NoRecordError("an input or a score is none")
    if not _is_number(decision["options"].get("at_most", 1)):
        raise NoRecordError("the rate that was allowed is none")
    return decision


def wish_of(decision: Mapping[str, Any]) -> Wish:
    """
    Give what was wanted of each picture.

    Raises:
        NoRecordError: The options are none.
    """
    options = decision["options"]
    try:
        subject = Subject(options.get("subject", Subject.LARGEST))
    except ValueError:
        raise NoRecordError("the subject is none") from None
    return Wish(subject=subject, search_orientation=options.get("search_orientation") is True, quality="none")


def matched(decision: Mapping[str, Any], pictures: Sequence[bytes]) -> tuple[Mapping[str, bytes], list[Finding]]:
    """
    Give the pictures by the names of the record, and whether each is the one that it was made from.

    They are told by their digests, in whatever order they are given; a picture that is none of them stands against the
    first that is missing.
    """
    by_digest = {hashlib.sha256(content).hexdigest(): content for content in pictures}
    wanted = {str(one.get("name")): str(one.get("sha256")) for one in decision["inputs"]}
    strangers = iter([digest for digest in by_digest if digest not in wanted.values()])
    found: dict[str, bytes] = {}
    findings = []
    for name, digest in wanted.items():
        if digest in by_digest:
            found[name] = by_digest[digest]
            findings.append(Finding(f"picture {name}", "same", digest, digest))
        else:
            other = next(strangers, None)
            findings.append(Finding(f"picture {name}", "unknown" if other is None else "differs", digest, other))
    return found, findings


def made_with(decision: Mapping[str, Any], yardstick: Yardstick) -> Iterator[Finding]:
    """Give whether weights, profile, precision and curve are those of the record."""
    recipe = yardstick.recipe
    here = {
        "detector": recipe.detector,
        "embedder": recipe.embedder,
        "profile": recipe.profile,
        "precision": recipe.precision,
    }
    for name, value in here.items():
        yield _compared(name, decision["models"].get(name), value)
    yield _compared("curve", decision["curve"].get("sha256"), yardstick.digest)


def measured_again(
    decision: Mapping[str, Any], alike: Mapping[tuple[str, str], float], yardstick: Yardstick
) -> Iterator[Finding]:
    """
    Give whether each score of the record comes out again.

    Args:
        decision: From the record.
        alike: The similarities of here, by the two names that a score bears; one that is not among them stays unknown.
        yardstick: What measures here.
    """
    for score in decision["scores"]:
        names = str(score.get("probe")), str(score.get("reference"))
        pair = " / ".join(names)
        if names in alike:
            yield from _score(pair, score, alike[names], yardstick, decision["options"])
        else:
            yield Finding(f"similarity of {pair}", "unknown", score.get("similarity"))


def judged_again(decision: Mapping[str, Any], here: Judgements) -> Iterator[Finding]:
    """
    Give whether each judgement of the record comes out again.

    Args:
        decision: From the record.
        here: The judgements of here; one that is not among them stays unknown.
    """
    recorded = decision.get("judgements", {})
    if not isinstance(recorded, dict) or not all(isinstance(one, dict) for one in recorded.values()):
        raise NoRecordError("the judgements are none")
    for name, told in recorded.items():
        one = next((each for each in here.values() if each.name == name), None)
        if one is None:
            yield Finding(f"judgement {name}", "unknown", told.get("status"))
        else:
            yield _compared(f"judgement {name}", told.get("status"), one.status.value)
            if one.score is not None:
                yield _close(f"score of {name}", told.get("score"), one.score, SCORE_WITHIN)


def similarities(decision: Mapping[str, Any], templates: Mapping[str, Template]) -> dict[tuple[str, str], float]:
    """Give the similarity of every pair of the record whose templates are there."""
    pairs = ((str(score.get("probe")), str(score.get("reference"))) for score in decision["scores"])
    return {
        (probe, reference): similarity(templates[probe], templates[reference])
        for probe, reference in pairs
        if probe in templates and reference in templates
    }


def holder_command(decision: Mapping[str, Any], pictures: Mapping[str, bytes]) -> MatchHolderCommand:
    """
    Give what was asked about a holder and a card.

    Raises:
        NoRecordError: The options are none.
    """
    options = decision["options"]
    if options.get("roles") not in get_args(Roles):
        raise NoRecordError("the roles are none")
    sent = tuple(Picture(name, content) for name, content in pictures.items())
    return MatchHolderCommand(sent, options["roles"], search_orientation=options.get("search_orientation") is True)


def holder_similarities(outcome: MatchHolderOutcome) -> dict[tuple[str, str], float]:
    """Give the similarities of a holder and a card by the names that their scores bear."""
    return {(PORTRAIT, HOLDER): outcome.selfie.similarity, (VISIBLE, HOLDER): outcome.idcard.similarity}


def _score(
    pair: str, score: Mapping[str, Any], alike: float, yardstick: Yardstick, options: Mapping[str, Any]
) -> Iterator[Finding]:
    """Give whether similarity, rate and judgement of one score come out again."""
    recorded = score.get("similarity")
    yield _close(f"similarity of {pair}", recorded, alike, SAME_WITHIN)
    again = yardstick.measure(float(recorded) if _is_number(recorded) else alike)
    rate = score.get("false_match_rate")
    yield _close(f"false match rate of {pair}", rate, again.false_match_rate, RATE_WITHIN * again.false_match_rate)
    if "same_person" in score and "at_most" in options:
        judged = again.is_one_person(options["at_most"])
        yield _compared(f"same person of {pair}", score["same_person"], judged)


def _compared(what: str, recorded: object, here: object) -> Finding:
    """Give whether two values are equal."""
    return Finding(what, "same" if recorded == here else "differs", recorded, here)


def _close(what: str, recorded: object, here: float, within: float) -> Finding:
    """Give whether two numbers are the same but for rounding."""
    is_close = _is_number(recorded) and abs(recorded - here) <= within
    return Finding(what, "same" if is_close else "differs", recorded, here)


def _is_number(value: object) -> TypeGuard[float]:
    """Give whether a value of JSON is a number; Python takes `true` for one, and reads `NaN` and huge ones."""
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and -sys.float_info.max <= value <= sys.float_info.max
    )
