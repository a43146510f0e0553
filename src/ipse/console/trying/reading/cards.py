"""What does the card say, and does anything speak against it?"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from ipse.console.trying.finding import Checked, Drawing, Finding, ReadField, Sentence, Tone
from ipse.console.trying.reading.answer import OK, Answer, Json, boxed, refused

TONES: Final[Mapping[str, Tone]] = {"PASSED": "good", "WARNING": "warn", "REJECTED": "bad"}
"""Source: `ipse.core.authenticity.policy.CardStatus`, and Tencent's words for the same."""

WORST: Final = ("passed", "not_assessed", "suspected", "failed")
"""Rising: of several checks of one concern the worst is told."""

_IDENTITY: Final = ("Id", "Number", "LicenseNumber", "NIK", "Name", "FirstName", "LastName", "FullName", "EnName")
"""Tencent's members that are told first."""

_HIDDEN: Final = frozenset({"face", "error_message", "process_time", "detection_score", "request_id"})
"""Members of iApp's answers that are no fields of the card."""


def documented(answer: Answer) -> Finding:
    """Give what our own reading of a card says, now or by a job that is done."""
    if answer.status != OK:
        return refused(answer)
    body = answer.json.get("card") or answer.json
    if "fields" not in body:
        return _waiting()
    fields = tuple(
        ReadField(name, str(told["value"] or ""), told["printed"], told["confidence"])
        for name, told in body["fields"].items()
    )
    kind = Sentence(f"kind_{(body['card_type'] or 'none').lower()}", {"country": body["nationality"] or ""})
    read = Sentence("fields_read", {"n": len(fields)})
    return Finding(
        TONES[body["status"]],
        Sentence(f"card_{body['status'].lower()}"),
        (kind, read),
        drawings=tuple(_with_fields(one, body["fields"]) for one in answer.sight),
        fields=fields,
        checks=tuple(by_concern(body["checks"])),
    )


def iapp_read(answer: Answer) -> Finding:
    """Give what iApp's reading of a Thai card says."""
    body = answer.json
    if answer.status != OK or body.get("error_message"):
        return refused(answer)
    fields = _plain(body)
    tone: Tone = "good" if fields else "warn"
    told = Sentence("fields_read", {"n": len(fields)})
    return Finding(tone, Sentence("card_read"), (told,), drawings=answer.sight, fields=fields)


def tencent_read(answer: Answer) -> Finding:
    """Give what Tencent's job says of a card."""
    body = answer.json.get("Response", {})
    if "Error" in body or answer.status != OK:
        return refused(answer)
    if body.get("Status") not in TONES and body.get("Status") != "SUCCESS":
        return _waiting()
    cards = [one for one in (body.get("CardInfo") or {}).values() if one]
    fields = _plain(cards[0]) if cards else ()
    status = body["Status"] if body["Status"] in TONES else "PASSED"
    told = Sentence("fields_read", {"n": len(fields)})
    checks = tuple(Checked(word, "suspected", word) for word in body.get("WarnInfo") or ())
    first = tuple(sorted(fields, key=lambda one: (one.name not in _IDENTITY,)))
    return Finding(TONES[status], Sentence(f"card_{status.lower()}"), (told,), None, answer.sight, first, checks)


def by_concern(checks: Iterable[Json]) -> Iterable[Checked]:
    """Give the checks, one for each concern and the worst of them; what speaks against the card comes first."""
    worst: dict[str, Json] = {}
    for check in checks:
        known = worst.get(check["concern"])
        if known is None or WORST.index(check["status"]) > WORST.index(known["status"]):
            worst[check["concern"]] = check
    for check in sorted(worst.values(), key=lambda one: -WORST.index(one["status"])):
        yield Checked(check["concern"], check["status"], check["name"], check["error_rate"])


def _waiting() -> Finding:
    """Give what is said while a job is not done."""
    return Finding("plain", Sentence("card_waits"))


def _with_fields(drawing: Drawing, fields: Json) -> Drawing:
    """Give a drawing with the fields of its side."""
    shapes = tuple(boxed(told["box"], "field") for told in fields.values() if told["side"] == drawing.slot)
    return replace(drawing, shapes=(*drawing.shapes, *shapes))


def _plain(body: Mapping[str, Any]) -> tuple[ReadField, ...]:
    """Give the members of an answer that are words, without those that are empty."""
    return tuple(
        ReadField(name, str(value))
        for name, value in body.items()
        if isinstance(value, str | int) and value not in {"", 0} and name not in _HIDDEN and len(str(value)) < 200  # noqa: PLR2004  # Longer ones are pictures.
    )
