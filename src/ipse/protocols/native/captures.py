"""`/v1/captures`: somebody is captured on the capture page, and their owner asks what came of it."""

import math
from datetime import UTC, datetime
from typing import Any, Final

from ipse.core.genuineness.judgement import is_genuine
from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.compare import TOLD
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import FlagField, PictureField, TextField
from ipse.protocols.native.genuineness import SCHEMAS as JUDGING
from ipse.protocols.native.genuineness import judged
from ipse.protocols.native.judging import AT_MOST, MEASURED, measure_facts, measured
from ipse.protocols.native.paths import value
from ipse.protocols.native.people import LONGEST_NUMBER
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import DIGEST, REQUEST, array, named, or_null, record, shared, text, whole
from ipse.protocols.native.sights import seen_picture
from ipse.protocols.native.telling import ORIGIN, WEBHOOK
from ipse.protocols.native.whole_field import WholeField
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.captures import (
    AskForCapture,
    AskForCaptureCommand,
    CaptureOpened,
    CaptureStanding,
    CompareCapture,
    CompareCaptureCommand,
    CompareCaptureOutcome,
    OpenCapture,
    OpenCaptureCommand,
)
from ipse.service.evidence import Recorder
from ipse.service.ports import Mark

STANDS: Final = ("waiting", "passed", "warned", "failed", "expired")

MOST_UUID: Final = 512
"""Most characters of a caller's own id. Source: Megvii's `uuid` has at most 512 bytes."""

CAPTURE: Final = text("Asks for the capture.", format="uuid")

OPEN: Final = Described(
    name="open_capture",
    method="POST",
    path="/v1/captures",
    group="Liveness",
    summary="Open a capture, to be done on the capture page.",
    about=(
        "Send the person to `page`, or show it in a frame. One result is taken; then it is asked for, or told to the "
        "webhook: the answer of `/v1/captures/{capture}` with `event` and `delivery`, posted with `X-Ipse-Signature: "
        "t=SECONDS,v1=HEX`, the HMAC-SHA256 of `SECONDS.BODY` under `webhook_secret`. `id_number` needs the permission "
        "`kyc`: when the capture fails, the number is noted as attacked."
    ),
    takes=(
        WholeField("actions", "How many actions are asked for.", 3, 0, 5),
        FlagField("flash", "Whether the screen is lit in colours too."),
        TextField("origin", "The origin of your page, told when it is over.", 261, form=ORIGIN),
        WEBHOOK,
        TextField("uuid", "What you call it; it comes back with the result.", MOST_UUID),
        TextField("id_number", "Who is said to be captured.", LONGEST_NUMBER, reason=Reason.ID_NUMBER_INVALID),
    ),
    gives=record(
        "A capture that waits.",
        request=REQUEST,
        capture=CAPTURE,
        token=text("For the page only: whoever has it can do the capture, and nothing else."),
        page=text("The page with its token, on this server.", format="uri-reference"),
        expires_in_s=whole("How long it waits.", 0),
        webhook_secret=or_null(text("What the webhook is signed with, the same for every capture of this key.")),
    ),
    refuses=frozenset({Reason.NOT_OPEN, Reason.KYC_DENIED, Reason.ID_NUMBER_INVALID}),
    example="""--json '{"actions": 3, "webhook": "https://HOST/captured"}'""",
    billed="Not billed; the page's result is one unit.",
)

ASK: Final = Described(
    name="capture",
    method="GET",
    path="/v1/captures/{capture}",
    group="Liveness",
    summary="Ask what came of a capture.",
    about="Its pictures are not kept. After `until` nobody remembers it.",
    holes={"capture": CAPTURE},
    gives=record(
        "How it stands.",
        request=REQUEST,
        capture=CAPTURE,
        status=text(
            "`passed`; `warned`: see `judgements`, and `not_assessed` for what nobody could look for; `failed`; or "
            "`waiting`, then `expired`.",
            enum=list(STANDS),
        ),
        genuine={
            "type": ["boolean", "null"],
            "description": "False if anything is suspected, null if nothing could be assessed yet.",
        },
        judgements={"oneOf": [shared("Judgements"), {"type": "null"}], "description": "Null until it is done."},
        not_assessed=array({"type": "string", "enum": list(JUDGING["Judgements"]["properties"])}, "What nobody saw."),
        actions=array({"type": "string"}, "The actions that were asked for, in their order."),
        flash={"type": "boolean", "description": "Whether a flash run was asked for."},
        sha256=named(DIGEST, "The pictures' digests, by their names."),
        uuid={"type": ["string", "null"], "description": "What you call it."},
        opened=text("When it was opened.", format="date-time"),
        done=or_null(text("When it was done.", format="date-time")),
        expires=text("Until when it can be done.", format="date-time"),
        until=text("Until when it is remembered.", format="date-time"),
    ),
    refuses=frozenset({Reason.JOB_UNKNOWN}),
)

COMPARE: Final = Described(
    name="compare_capture",
    method="POST",
    path="/v1/captures/{capture}/compare",
    group="Liveness",
    summary="Compare whoever was captured with a picture.",
    about="Only of a capture that was not failed: there the template of the best frame is kept, sealed, until `until`.",
    holes={"capture": CAPTURE},
    takes=(PictureField("reference", "Whose face it should be."), AT_MOST),
    gives=record(
        "How alike they are.",
        request=REQUEST,
        capture=CAPTURE,
        **MEASURED,
        reference=shared("Picture"),
        **TOLD,
    ),
    refuses=PICTURES | {Reason.JOB_UNKNOWN, Reason.CAPTURE_NOT_PASSED, Reason.FACE_MISSING},
    example="-F reference=@passport.jpg",
    billed="One unit for an answer.",
)

ALL: Final = (OPEN, ASK, COMPARE)


def operations(
    open_capture: OpenCapture, ask_for_capture: AskForCapture, compare_capture: CompareCapture, recorder: Recorder
) -> tuple[Operation[Any, Any], ...]:
    """Give the operations."""
    facts = measure_facts(recorder.yardstick)

    def compared(outcome: CompareCaptureOutcome, context: Context) -> WireResponse:
        body = {
            "capture": outcome.state.id,
            **measured(outcome.measured, same_person=outcome.same_person),
            "reference": seen_picture(outcome.seen),
        }
        return answer({**body, "at_most": outcome.at_most, **facts}, context)

    return (
        OPEN.operation(_opening, open_capture, _opened, seated=False, concerns=_person, makes=_marks),
        ASK.operation(_question, ask_for_capture, _standing, seated=False, free=True),
        COMPARE.operation(
            _comparison,
            compare_capture,
            compared,
            bills=one_for_success,
            concerns=_token,
            decision=recorder.compared_capture,
            keeps=artefacts,
        ),
    )


def told(standing: CaptureStanding) -> dict[str, Any]:
    """Give how a capture stands."""
    state, result = standing.state, standing.state.result
    judgements = {} if result is None else result.judgements
    return {
        "capture": state.id,
        "status": standing.stands,
        "genuine": is_genuine(judgements),
        **({"judgements": None, "not_assessed": []} if result is None else judged(judgements)),
        "actions": list(state.asked),
        "flash": state.flash,
        "sha256": {} if result is None else dict(result.digests),
        "uuid": state.uuid,
        "opened": _moment(state.opened_at),
        "done": None if result is None else _moment(result.at),
        "expires": _moment(state.expires_at),
        "until": _moment(state.kept_until),
    }


def _opening(request: WireRequest, caller: Caller) -> OpenCaptureCommand:
    """Give the capture that is to be opened."""
    values = arguments(request, OPEN.takes)
    if values["id_number"] is not None and not caller.kyc:
        raise Refusal(Reason.KYC_DENIED)
    webhook = values["webhook"] or caller.record.webhook
    return OpenCaptureCommand(caller.record.key, **{**values, "webhook": webhook})


def _opened(opened: CaptureOpened, context: Context) -> WireResponse:
    """Give what the page works with."""
    body = {
        "capture": opened.capture,
        "token": opened.token,
        "page": f"/capture#{opened.token}",
        "expires_in_s": math.floor(opened.expires_in_s),
        "webhook_secret": opened.webhook_secret,
    }
    return answer(body, context)


def _person(command: OpenCaptureCommand) -> tuple[Mark, ...]:
    """Give whom the call is about."""
    return () if command.id_number is None else (Mark("number", command.id_number),)


def _marks(opened: CaptureOpened) -> tuple[Mark, ...]:
    """Give what the call can be found by."""
    own = () if opened.uuid is None else (Mark("uuid", opened.uuid),)
    return (Mark("token", opened.capture), *own)


def _question(request: WireRequest, caller: Caller) -> AskForCaptureCommand:
    """Give which capture is meant."""
    arguments(request, ASK.takes)
    return AskForCaptureCommand(caller.record.key, value(ASK.path, request.head.path, "capture"))


def _standing(standing: CaptureStanding, context: Context) -> WireResponse:
    """Give how it stands."""
    return answer(told(standing), context)


def _token(command: CompareCaptureCommand) -> tuple[Mark, ...]:
    """Give which capture the call is about."""
    return (Mark("token", command.capture),)


def _comparison(request: WireRequest, caller: Caller) -> CompareCaptureCommand:
    """Give what is compared with which capture."""
    values = arguments(request, COMPARE.takes)
    capture = value(COMPARE.path, request.head.path, "capture")
    return CompareCaptureCommand(caller.record.key, capture, values["reference"], values["at_most"])


def _moment(seconds: float) -> str:
    """Give a moment as RFC 3339 has it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
