"""`POST /v1/genuineness`: does this picture show somebody who is really there? And how any judgements are told."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from ipse.core.genuineness.judgement import NAMES, Judgement, Judgements, Status
from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import PictureField, Schema
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import (
    DIGEST,
    REQUEST,
    array,
    named,
    number,
    one_of,
    or_null,
    record,
    shared,
    text,
)
from ipse.protocols.native.sights import SCORE_DECIMALS, told_quality
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.evidence import Recorder
from ipse.service.judge_picture import JudgePictureCommand, JudgePictureOutcome, unassessed
from ipse.service.ports import Seat, Stopwatch

JudgePicture: TypeAlias = Callable[[JudgePictureCommand, Seat, Stopwatch], Awaitable[JudgePictureOutcome]]
"""Whoever judges pictures (`ipse.service.judge_picture.JudgePicture`)."""

VERDICTS: Final = ("passed", "warned", "failed")

SCHEMAS: Final = MappingProxyType(
    {
        "Judgement": record(
            "What one judgement says: one attack, and how sure.",
            status=text("Whether the attack is suspected.", enum=[status.value for status in Status]),
            score=or_null(number("Nothing of the attack, to the attack; null if not assessed.", 0, 1)),
            threshold=or_null(number("Suspected from here on; null if not assessed.", 0, 1)),
            error_rate=or_null(
                number("How often a genuine picture is suspected at the threshold; null if not measured.", 0, 1)
            ),
            why={
                "type": ["string", "null"],
                "description": "What speaks for it, or why it is not assessed: a stable word.",
            },
        ),
        "Judgements": record("Every judgement.", **dict.fromkeys(NAMES, shared("Judgement"))),
    }
)
"""What these functions give."""

JUDGED: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        "genuine": {
            "type": ["boolean", "null"],
            "description": "False if anything is suspected, null if nothing could be assessed.",
        },
        "verdict": {
            "enum": [*VERDICTS, None],
            "description": "What follows under the key's policy; null if nothing could be assessed.",
        },
        "judgements": shared("Judgements"),
        "not_assessed": array(
            {"type": "string", "enum": list(NAMES)}, "What nobody looked for: a clear answer says nothing about it."
        ),
    }
)
"""The members of every answer about judgements."""

GENUINENESS: Final = Described(
    name="genuineness",
    method="POST",
    path="/v1/genuineness",
    group="Liveness",
    summary="Judge whether a picture shows somebody who is there, attack by attack.",
    about=(
        "One picture tells less than a capture (`/v1/captures`): what needs several frames is not assessed. That no "
        "face is in the picture is an answer, not a problem: then nothing is assessed."
    ),
    takes=(
        PictureField("picture", "Whose face."),
        PictureField("env", "The same scene seen wider, to find the edges of screens and prints.", required=False),
    ),
    gives=record(
        "What speaks against the picture.",
        request=REQUEST,
        **JUDGED,
        quality=one_of(shared("Quality"), {"type": "null"}),
        sha256=named(DIGEST, "The pictures' digests, by the names of their fields."),
    ),
    refuses=PICTURES | {Reason.NOT_OPEN},
    example="-F picture=@selfie.jpg -F env=@wider.jpg",
    billed="One unit for an answer.",
)


def operation(judge_picture: JudgePicture, recorder: Recorder) -> Operation[JudgePictureCommand, JudgePictureOutcome]:
    """Give the operation."""
    return GENUINENESS.operation(
        decode, judge_picture, encode, bills=one_for_success, decision=recorder.genuineness, keeps=artefacts
    )


def decode(request: WireRequest, caller: Caller) -> JudgePictureCommand:
    """Give what is asked."""
    values = arguments(request, GENUINENESS.takes)
    return JudgePictureCommand(values["picture"], values["env"], caller.record.liveness)


def encode(outcome: JudgePictureOutcome, context: Context) -> WireResponse:
    """Give the answer."""
    return answer({**told(outcome), "sha256": dict(outcome.digests)}, context)


def told(outcome: JudgePictureOutcome) -> dict[str, Any]:
    """Give what was found, but for the digests."""
    return {
        "genuine": outcome.genuine,
        "verdict": outcome.verdict,
        **judged(outcome.judgements),
        "quality": None if outcome.quality is None else told_quality(outcome.quality),
    }


def judged(judgements: Judgements) -> dict[str, Any]:
    """Give judgements and which of them say nothing."""
    return {
        "judgements": {name: _judgement(one) for name, one in judgements.items()},
        "not_assessed": list(unassessed(judgements)),
    }


def _judgement(one: Judgement) -> dict[str, Any]:
    """Give one judgement."""
    return {
        "status": one.status.value,
        "score": None if one.score is None else round(float(one.score), SCORE_DECIMALS),
        "threshold": one.threshold,
        "error_rate": one.error_rate,
        "why": one.why,
    }
