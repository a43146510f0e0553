"""Megvii FaceID: its operations and limits. What the vendor documents is kept in `docs/protocols/faceid.md`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ipse.protocols.faceid.auth import SIGNED_PATHS, authenticate
from ipse.protocols.faceid.billing import bills_nothing, bills_verify
from ipse.protocols.faceid.errors import FAMILY, FAMILY_V1, WireError
from ipse.protocols.faceid.sessions import (
    decode_run,
    decode_run_state,
    decode_session,
    encode_run_state,
    encode_session,
)
from ipse.protocols.faceid.wire import (
    decode_detect,
    decode_verify,
    encode_detect,
    encode_verify,
    marks_issued,
    marks_person,
    marks_verify,
)
from ipse.protocols.messages import BodyLimits, Dialect, ErrorFamily, Head, Operation, no_decision
from ipse.service.access import Check
from ipse.service.artefacts import artefacts
from ipse.service.detect_faces import DetectFaces
from ipse.service.flash_runs import AskAboutRun, AskAboutRunCommand, AskAboutRunOutcome
from ipse.service.open_session import OpenSession, OpenSessionCommand, OpenSessionOutcome
from ipse.service.verify_faces import VerifyFaces, VerifyFacesCommand, VerifyFacesOutcome

LIMITS = BodyLimits(body_bytes=2 * 1_048_576)
"""Source: the page's error 413: 2 MB for the whole request; 1 MB is read as 1,048,576 bytes."""

GATE = (Check.DISABLED, Check.EXPIRED, Check.SUSPENDED, Check.OPERATION, Check.ROOM, Check.RATE)
"""Source: the page's order of checks, AUTHORIZATION_ERROR (denied, limit reached) before CONCURRENCY_LIMIT_EXCEEDED."""

VERIFY = "verify"
"""Our word for `POST /faceid/v2/verify`."""

DETECT = "detect"
"""Our word for `POST /faceid/v1/detect`."""


@dataclass(frozen=True, slots=True)
class UseCases:
    """
    What stands behind the operations.

    Attributes:
        verify_faces: `verify`.
        detect_faces: `detect`.
        open_session: `liveness_session` and `flash_biz_no`.
        ask_about_run: `flash_biz_info`.
        decide: Notes what was decided.
    """

    verify_faces: VerifyFaces
    detect_faces: DetectFaces
    open_session: OpenSession
    ask_about_run: AskAboutRun
    decide: Callable[[VerifyFacesCommand, VerifyFacesOutcome], Mapping[str, object] | None] = no_decision


def dialect(use_cases: UseCases) -> Dialect:
    """Give the dialect, with the use cases behind its operations."""
    verify = Operation(
        name=VERIFY,
        match=_at("/faceid/v2/verify"),
        decode=decode_verify,
        use_case=use_cases.verify_faces,
        encode=encode_verify,
        errors=FAMILY,
        bills=bills_verify,
        marks=marks_verify,
        concerns=marks_person,
        decision=use_cases.decide,
        keeps=artefacts,
    )
    detect = Operation(
        name=DETECT,
        match=_at("/faceid/v1/detect"),
        decode=decode_detect,
        use_case=use_cases.detect_faces,
        encode=encode_detect,
        errors=FAMILY_V1,
        bills=bills_nothing,
        makes=marks_issued,
        keeps=artefacts,
    )
    return Dialect(
        name="faceid",
        owns=lambda head: head.path.startswith("/faceid/") or head.path in SIGNED_PATHS,
        operations=(verify, detect, *_own(use_cases)),
        authenticate=authenticate,
        errors=FAMILY,
        limits=LIMITS,
        gate=GATE,
        errors_at=_errors_at,
    )


def _own(
    use_cases: UseCases,
) -> tuple[
    Operation[OpenSessionCommand, OpenSessionOutcome],
    Operation[OpenSessionCommand, OpenSessionOutcome],
    Operation[AskAboutRunCommand, AskAboutRunOutcome],
]:
    """Give our own calls, which prepare a verify or look back at one: they cost nothing and compute nothing."""
    session = Operation(
        name="liveness_session",
        match=_at("/v1/liveness/session"),
        decode=decode_session,
        use_case=use_cases.open_session,
        encode=encode_session,
        errors=FAMILY,
        seated=False,
        free=True,
        bills=bills_nothing,
    )
    run = Operation(
        name="flash_biz_no",
        match=_at("/v1/flash/biz_no"),
        decode=decode_run,
        use_case=use_cases.open_session,
        encode=encode_session,
        errors=FAMILY,
        seated=False,
        free=True,
        bills=bills_nothing,
    )
    run_state = Operation(
        name="flash_biz_info",
        match=_at("/v1/flash/biz_info"),
        decode=decode_run_state,
        use_case=use_cases.ask_about_run,
        encode=encode_run_state,
        errors=FAMILY,
        seated=False,
        free=True,
        bills=bills_nothing,
    )
    return session, run, run_state


def _at(path: str) -> Callable[[Head], bool]:
    """Give whether a head asks for this path, as the vendor's calls are asked for."""
    return lambda head: (head.method, head.path) == ("POST", path)


def _errors_at(head: Head) -> ErrorFamily[WireError]:
    """Give the words for a path that is no operation: under version 1 the message is called `error` there too."""
    return FAMILY_V1 if head.path.startswith("/faceid/v1/") else FAMILY
