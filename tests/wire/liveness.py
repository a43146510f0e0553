"""Liveness sessions that are open in the world of the wire, and what their clients sign."""

from collections.abc import Mapping
from typing import Any, Final

from ipse.capture.signing import pack_flash, sign_bundle
from ipse.core.genuineness.capture import Action, Colour
from ipse.core.genuineness.session import LivenessSession
from ipse.service.liveness_sessions import LivenessSessions
from tests.bundles import issued
from tests.wire.builder import Case
from tests.wire.ports import NOW

ISSUED_AT: Final = float(int(NOW)) - 60


def _session(
    number: int, *, flash: bool = False, acts: bool = False, ends_at: float = ISSUED_AT + 600
) -> LivenessSession:
    """A session of this number."""
    return LivenessSession(
        sid=f"{int(ISSUED_AT)},00000000-0000-4000-8000-00000000000{number}",
        kid=f"kid{number}",
        nonce=bytes([number]) * 16,
        key=bytes([number]) * 32,
        actions=(Action.TURN_LEFT, Action.BLINK, Action.NOD) if acts else (),
        colours=tuple(Colour)[:6] if flash else (),
        biz_no=f"{int(ISSUED_AT)},00000000-0000-4000-8000-0000000000f{number}" if flash else None,
        issued_at=ISSUED_AT,
        expires_at=ends_at,
    )


SESSIONS: Final[Mapping[str, LivenessSession]] = {
    "plain": _session(1),
    "acting": _session(2, acts=True),
    "flash": _session(3, flash=True),
    "ended": _session(4, flash=True, ends_at=NOW - 1),
    "elsewhere": _session(5, flash=True),
}
"""What every key may use, but for the last one, which is another key's, and the one before it, which has ended."""


async def open_sessions(sessions: LivenessSessions, keys: tuple[str, ...]) -> None:
    """Let every key have these sessions, and somebody else the last one."""
    for name, session in SESSIONS.items():
        for key in ("somebody else",) if name == "elsewhere" else keys:
            await sessions.keep(f"faceid:{key}", session)


def fields(case: Case, pictures: Mapping[str, bytes]) -> dict[str, str | bytes]:
    """What a client sends of the capture that a case tells of."""
    if "bundle" in case:
        return _bundle(case["bundle"], pictures)
    return _flash(case["flash"], pictures) if "flash" in case else {}


def _bundle(told: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, str | bytes]:
    """A signed bundle: anna, unless the case says otherwise; `unsigned` pictures stand in no signature."""
    session = SESSIONS[told.get("session", "plain")]
    sent = {name: pictures[picture] for name, picture in {"image_best": "anna", **told.get("pictures", {})}.items()}
    signed = {name: content for name, content in sent.items() if name not in told.get("unsigned", [])}
    delta = sign_bundle(
        issued(session),
        signed,
        sdk=told.get("sdk", "2.4.5"),
        jti=bytes([told.get("jti", 1)]) * 16,
        now=ISSUED_AT + told.get("signed_s", 30),
    )
    return {"face_image_type": "meglive", "delta": delta, **sent}


def _flash(told: Mapping[str, Any], pictures: Mapping[str, bytes]) -> dict[str, str | bytes]:
    """The result of a flash run; the first `cut` bytes of it, if the case says so."""
    session = SESSIONS[told.get("session", "flash")]
    names = ("image_best", *(f"flash{number}" for number in range(1, 1 + len(session.colours))))
    parts = {name: pictures[told.get("pictures", {}).get(name, "anna")] for name in names}
    times = [600.0 * number for number in range(len(session.colours))]
    content = pack_flash(
        issued(session),
        parts,
        shown_ms=times,
        taken_ms=[time + 450 for time in times],
        jti=bytes(16),
        now=ISSUED_AT + 30,
    )
    return {"face_image_type": "meglive_flash", "meglive_flash_result": content[: told.get("cut", len(content))]}
