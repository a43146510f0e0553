"""Is somebody there? Judgements in words, and sessions that the capture page goes on with."""

from ipse.console.trying.finding import Checked, Finding, Sentence, Tone
from ipse.console.trying.reading.answer import OK, Answer, refused
from ipse.console.trying.reading.faces import megvii_verified

STATUSES = {"clear": "passed", "suspected": "suspected", "not_assessed": "not_assessed"}
"""Judgements and checks are told with the same words."""


def judged(answer: Answer) -> Finding:
    """Give what our own judgement of a picture says, attack by attack."""
    if answer.status != OK:
        return refused(answer)
    body = answer.json
    checks = tuple(
        Checked(name, STATUSES[one["status"]], name, one["error_rate"], one["why"] or "")
        for name, one in body["judgements"].items()
    )
    tones: dict[str | None, Tone] = {"passed": "good", "warned": "warn", "failed": "bad", None: "warn"}
    ordered = tuple(sorted(checks, key=lambda one: ("suspected", "passed", "not_assessed").index(one.status)))
    told = (
        ()
        if body["genuine"] is None
        else (Sentence("judged_count", {"n": len(body["judgements"]) - len(body["not_assessed"])}),)
    )
    return Finding(
        tones[body["verdict"]],
        Sentence(f"genuine_{body['verdict'] or 'unknown'}"),
        told,
        drawings=answer.sight,
        checks=ordered,
        checked="face",
    )


def bundle_verified(answer: Answer) -> Finding:
    """Give what Megvii's verification of a bundle says: the face, and what speaks against its being there."""
    finding = megvii_verified(answer)
    told = answer.json.get("face_genuineness")
    if not told:
        return finding
    checks = tuple(
        Checked(attack, _status(told, name), name)
        for attack, name in (("screen_replay", "screen_replay"), ("mask", "mask"), ("synthetic", "synthetic_face"))
        if f"{name}_confidence" in told
    )
    if "face_replaced" in told:
        checks = (*checks, Checked("replaced", "suspected" if told["face_replaced"] else "passed", "face_replaced"))
    return Finding(
        finding.tone,
        finding.headline,
        finding.sentences,
        finding.ruler,
        finding.drawings,
        checks=checks,
        checked="face",
    )


def session_opened(answer: Answer) -> Finding:
    """Give that a session is open."""
    if answer.status != OK:
        return refused(answer)
    return Finding("good", Sentence("session_open"))


def capture_opened(answer: Answer) -> Finding:
    """Give that a capture is open, and where it goes on."""
    if answer.status != OK:
        return refused(answer)
    address = str(answer.json.get("page", ""))
    return Finding("good", Sentence("capture_open"), (Sentence("capture_next"),), link=(address, "capture_link"))


def _status(told: dict[str, float] | object, name: str) -> str:
    """Give how an attack came out."""
    assert isinstance(told, dict)
    return "suspected" if told[f"{name}_confidence"] >= told[f"{name}_threshold"] else "passed"
