"""Megvii FaceID: its operations and limits. What the vendor documents is kept in `docs/protocols/faceid.md`."""

from collections.abc import Callable, Mapping

from ipse.protocols.faceid.auth import authenticate
from ipse.protocols.faceid.billing import bills_nothing, bills_verify
from ipse.protocols.faceid.errors import FAMILY, FAMILY_V1, WireError
from ipse.protocols.faceid.wire import (
    decode_detect,
    decode_verify,
    encode_detect,
    encode_verify,
    marks_issued,
    marks_verify,
)
from ipse.protocols.messages import BodyLimits, Dialect, ErrorFamily, Head, Operation, no_decision
from ipse.service.access import Check
from ipse.service.detect_faces import DetectFaces
from ipse.service.verify_faces import VerifyFaces, VerifyFacesCommand, VerifyFacesOutcome

LIMITS = BodyLimits(body_bytes=2 * 1_048_576)
"""Source: the page's error 413: 2 MB for the whole request; 1 MB is read as 1,048,576 bytes."""

GATE = (Check.DISABLED, Check.EXPIRED, Check.SUSPENDED, Check.OPERATION, Check.ROOM, Check.RATE)
"""Source: the page's order of checks, AUTHORIZATION_ERROR (denied, limit reached) before CONCURRENCY_LIMIT_EXCEEDED."""

VERIFY = "verify"
"""Our word for `POST /faceid/v2/verify`."""

DETECT = "detect"
"""Our word for `POST /faceid/v1/detect`."""


def dialect(
    verify_faces: VerifyFaces,
    detect_faces: DetectFaces,
    decide: Callable[[VerifyFacesCommand, VerifyFacesOutcome], Mapping[str, object] | None] = no_decision,
) -> Dialect:
    """Give the dialect, with the use cases behind its operations and whoever notes what was decided."""
    verify = Operation(
        name=VERIFY,
        match=lambda head: (head.method, head.path) == ("POST", "/faceid/v2/verify"),
        decode=decode_verify,
        use_case=verify_faces,
        encode=encode_verify,
        errors=FAMILY,
        bills=bills_verify,
        marks=marks_verify,
        decision=decide,
    )
    detect = Operation(
        name=DETECT,
        match=lambda head: (head.method, head.path) == ("POST", "/faceid/v1/detect"),
        decode=decode_detect,
        use_case=detect_faces,
        encode=encode_detect,
        errors=FAMILY_V1,
        bills=bills_nothing,
        makes=marks_issued,
    )
    return Dialect(
        name="faceid",
        owns=lambda head: head.path.startswith("/faceid/"),
        operations=(verify, detect),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
        gate=GATE,
        errors_at=_errors_at,
    )


def _errors_at(head: Head) -> ErrorFamily[WireError]:
    """Give the words for a path that is no operation: under version 1 the message is called `error` there too."""
    return FAMILY_V1 if head.path.startswith("/faceid/v1/") else FAMILY
