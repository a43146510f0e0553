"""
Evidence: a decision as one JSON record that somebody else can check and compute again.

No picture, name, number or caller's id is in it: pictures are their digests.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol

import rfc8785

from ipse.core.genuineness.judgement import Judgements
from ipse.core.genuineness.policy import Verdict
from ipse.core.reasons import Refusal
from ipse.service.captures import CompareCaptureCommand, CompareCaptureOutcome
from ipse.service.compare_faces import (
    CompareBatchCommand,
    CompareBatchOutcome,
    CompareFacesCommand,
    CompareFacesOutcome,
    Judging,
)
from ipse.service.judge_picture import JudgePictureCommand, JudgePictureOutcome
from ipse.service.match_holder import MatchHolderCommand, MatchHolderOutcome
from ipse.service.page_calls import TakenResult, TakeResultCommand
from ipse.service.ports import LedgerEntry
from ipse.service.verify_faces import PROBE, Picture, VerifyFacesCommand, VerifyFacesOutcome
from ipse.service.yardstick import Measured, Yardstick

FORMAT: Final = "ipse-evidence/1"
"""What a record says of itself first."""

ALGORITHM: Final = "Ed25519"
"""Source: RFC 8032."""

PORTRAIT: Final = "portrait"
VISIBLE: Final = "visible_portrait"
HOLDER: Final = "holder"
"""What the scores of a holder and a card call the three faces."""

BEST: Final = "image_best"
"""What scores call the face of a capture: its best frame."""

Decision = Mapping[str, object]


class Signer(Protocol):
    """Whoever vouches for records (`ipse.infra.signing.EvidenceKey`)."""

    @property
    def public(self) -> str:
        """The public key in base64."""
        ...

    def sign(self, message: bytes) -> str:
        """Give a signature in base64."""
        ...


@dataclass(frozen=True, slots=True)
class Recorder:
    """
    Puts into plain values what was decided, and from what.

    Attributes:
        yardstick: What measures faces.
        judges: The digests of the networks that judge captures, by their names.
    """

    yardstick: Yardstick
    judges: Mapping[str, str] = field(default_factory=dict)

    def compare(self, command: CompareFacesCommand, outcome: CompareFacesOutcome) -> Decision:
        """Give the decision on a probe and its references."""
        pictures = (command.probe, *command.references)
        scores = [
            {**_score(PROBE, one.reference, one.measured), "same_person": one.same_person} for one in outcome.judged
        ]
        return self._decision("compare", _digests(pictures), _judging(command.judging), scores)

    def batch(self, command: CompareBatchCommand, outcome: CompareBatchOutcome) -> Decision:
        """Give the decisions on the pairs of a batch that could be judged; pictures are called by their place in it."""
        places = {name: f"pictures[{at}]" for at, name in enumerate(command.pictures)}
        scores = [
            {**_score(places[pair.probe], places[pair.reference], one.measured), "same_person": one.same_person}
            for pair, one in zip(outcome.pairs, outcome.results, strict=True)
            if not isinstance(one, Refusal)
        ]
        inputs = [{"name": places[name], "sha256": seen.digest} for name, seen in outcome.seen.items()]
        return self._decision("compare", inputs, _judging(command.judging), scores)

    def verify(self, command: VerifyFacesCommand, outcome: VerifyFacesOutcome) -> Decision:
        """Give the decision on a probe, its references and a registered person."""
        sent = (command.probe, *command.references)
        options = {
            "subject": "largest",
            "search_orientation": command.search_orientation,
            "one_face_in_probe": command.one_face_in_probe,
            "one_face_in_references": command.one_face_in_references,
            "quality_at_least": command.quality_at_least,
        }
        scores = [_score(PROBE, one.reference, self.yardstick.measure(one.similarity)) for one in outcome.likenesses]
        if outcome.person is not None:
            scores.append(_score(PROBE, "registered", self.yardstick.measure(outcome.person.likeness.similarity)))
        inputs = _digests(one for one in sent if isinstance(one, Picture))
        if outcome.genuineness is None:
            return self._decision("compare", inputs, options, scores)
        best, *others = outcome.genuineness.capture.shots
        inputs += [{"name": PROBE, "sha256": best.digest}]
        inputs += [{"name": shot.name, "sha256": shot.digest} for shot in others]
        decision = self._decision("compare", inputs, {**options, "policy": dict(command.policy)}, scores)
        return self.with_judgements(decision, outcome.genuineness.judgements, outcome.genuineness.verdict)

    def holder(self, command: MatchHolderCommand, outcome: MatchHolderOutcome) -> Decision:
        """Give the decision on a holder and a card."""
        options = {"roles": command.roles, "search_orientation": command.search_orientation}
        scores = [
            _score(PORTRAIT, HOLDER, self.yardstick.measure(outcome.selfie.similarity)),
            _score(VISIBLE, HOLDER, self.yardstick.measure(outcome.idcard.similarity)),
        ]
        inputs = [{"name": picture.name, "sha256": picture.digest} for picture in outcome.pictures]
        return self._decision("holder", inputs, options, scores)

    def genuineness(self, command: JudgePictureCommand, outcome: JudgePictureOutcome) -> Decision:
        """Give the judgements about a picture, and what followed from them."""
        inputs = [{"name": name, "sha256": digest} for name, digest in outcome.digests.items()]
        options = {"policy": dict(command.policy)}
        return self.with_judgements(
            self._decision("genuineness", inputs, options, []), outcome.judgements, outcome.verdict
        )

    def capture(self, command: TakeResultCommand, outcome: TakenResult) -> Decision:
        """Give the judgements about a capture, and what followed from them."""
        del command
        inputs = [{"name": name, "sha256": digest} for name, digest in outcome.result.digests.items()]
        decision = self._decision("capture", inputs, {"policy": dict(outcome.policy)}, [])
        return self.with_judgements(decision, outcome.result.judgements, outcome.result.verdict)

    def compared_capture(self, command: CompareCaptureCommand, outcome: CompareCaptureOutcome) -> Decision:
        """Give the comparison of a capture with a picture; its best frame is known by the digest only."""
        result = outcome.state.result
        best = {} if result is None else {BEST: result.digests[BEST]}
        inputs = [{"name": name, "sha256": digest} for name, digest in best.items()]
        inputs.append({"name": command.reference.name, "sha256": outcome.seen.digest})
        score = {**_score(BEST, command.reference.name, outcome.measured), "same_person": outcome.same_person}
        return self._decision("compare", inputs, {"at_most": outcome.at_most, "subject": "largest"}, [score])

    def with_judgements(self, decision: Decision, judgements: Judgements, came_to: Verdict | None) -> Decision:
        """Give a decision with what was judged of its pictures, by which networks, and what followed from it."""
        told = {
            name: {
                "status": one.status.value,
                "score": one.score,
                "threshold": one.threshold,
                "error_rate": one.error_rate,
                "why": one.why,
            }
            for name, one in judgements.items()
        }
        return {**decision, "judgements": told, "verdict": came_to, "judges": dict(self.judges)}

    def _decision(
        self,
        kind: str,
        inputs: list[dict[str, Any]],
        options: Mapping[str, object],
        scores: list[dict[str, Any]],
    ) -> Decision:
        """Give what all decisions hold."""
        recipe, curve = self.yardstick.recipe, self.yardstick.curve
        return {
            "kind": kind,
            "inputs": inputs,
            "options": dict(options),
            "scores": scores,
            "thresholds": self.yardstick.thresholds,
            "models": {
                "detector": recipe.detector,
                "embedder": recipe.embedder,
                "profile": recipe.profile,
                "precision": recipe.precision,
            },
            "curve": {"sha256": self.yardstick.digest, "dataset": curve.provenance.dataset},
            "software": self.yardstick.software,
        }


def unsigned(entry: LedgerEntry, decision: Decision) -> dict[str, Any]:
    """Give the record of a decision, not yet signed."""
    return {
        "format": FORMAT,
        "call": str(entry.id),
        "at": datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="milliseconds"),
        "dialect": entry.dialect,
        "operation": entry.operation,
        "outcome": entry.outcome,
        "status": entry.status,
        "elapsed_ms": entry.elapsed_ms,
        "decision": dict(decision),
    }


def canonical(record: Mapping[str, Any]) -> bytes:
    """Give the bytes that are signed: the record without its signature (RFC 8785)."""
    return rfc8785.dumps({name: value for name, value in record.items() if name != "signature"})


def signed(record: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    """Give the record with a signature over the rest of it."""
    signature = {"algorithm": ALGORITHM, "public_key": signer.public, "value": signer.sign(canonical(record))}
    return {**record, "signature": signature}


def _digests(pictures: Iterable[Picture]) -> list[dict[str, Any]]:
    """Give the name and the digest of every picture."""
    return [{"name": one.name, "sha256": hashlib.sha256(one.content).hexdigest()} for one in pictures]


def _judging(judging: Judging) -> dict[str, object]:
    """Give how it was judged."""
    return {
        "at_most": judging.at_most,
        "subject": judging.subject.value,
        "search_orientation": judging.search_orientation,
        "one_face": judging.one_face,
        "quality_at_least": judging.quality_at_least,
    }


def _score(probe: str, reference: str, measured: Measured) -> dict[str, Any]:
    """Give one comparison."""
    return {
        "probe": probe,
        "reference": reference,
        "similarity": measured.similarity,
        "false_match_rate": measured.false_match_rate,
        "interval": list(measured.interval),
        "is_extrapolated": measured.is_extrapolated,
    }
