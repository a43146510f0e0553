"""Captures that wait in the world of the wire, each with the token of its page, and what stands behind them."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ipse.core.genuineness.session import LivenessSession
from ipse.protocols.native import Captures
from ipse.service.capture_states import CaptureState, CaptureStates
from ipse.service.captures import AskForCapture, CompareCapture, OpenCapture
from ipse.service.page_tokens import NOBODY, Mode, Page, PageTokens, owner_of
from ipse.service.yardstick import Yardstick
from tests.wire.liveness import ISSUED_AT, SESSIONS
from tests.wire.ports import NOW
from tests.wire.scenes import RECIPE, ScriptedExaminer
from tests.wire.telling import StandingSecrets

if TYPE_CHECKING:
    from tests.wire.world import World

KEPT_S: Final = 3600.0


@dataclass(frozen=True)
class Waiting:
    """A capture that waits: whose, of which session, and how its page ends it."""

    session: LivenessSession
    key: str = "good"
    mode: Mode = "judge"
    webhook: str | None = None
    id_number: str | None = None
    origin: str | None = "https://shop.test"


WAITING: Final[Mapping[str, Waiting]] = {
    "plain": Waiting(SESSIONS["plain"]),
    "acting": Waiting(SESSIONS["acting"]),
    "flash": Waiting(SESSIONS["flash"], origin=None),
    "told": Waiting(SESSIONS["plain"], webhook="https://shop.test/captured"),
    "somebody": Waiting(SESSIONS["plain"], id_number="11010119900101001X"),
    "somebody in a broken registry": Waiting(SESSIONS["plain"], id_number="110101199001010019"),
    "handed over": Waiting(SESSIONS["flash"], mode="hand_over"),
    "ended": Waiting(SESSIONS["ended"]),
    **{
        f"of a {name} key": Waiting(SESSIONS["plain"], key=name)
        for name in ("disabled", "expired", "in-debt", "narrow", "lenient", "spent", "used-up", "slow", "at-work")
    },
    "of a key that is gone": Waiting(SESSIONS["plain"], key="gone"),
}
"""Every capture by its name."""


def token_of(name: str) -> str:
    """The token of a capture's page."""
    return urlsafe_b64encode(hashlib.sha256(name.encode()).digest()).rstrip(b"=").decode()


def id_of(name: str) -> str:
    """The id of a capture."""
    return f"00000000-0000-4000-8000-{list(WAITING).index(name):012}"


def capture_states(world: "World") -> CaptureStates:
    """Captures in memory; those above wait there from the beginning."""
    states = CaptureStates(world.vault, world.clock)
    if not any(kind == "page" and owner == NOBODY for kind, owner, _ in world.vault.kept):
        _at_once(_wait(world, states))
    return states


async def _wait(world: "World", states: CaptureStates) -> None:
    """Have every capture wait."""
    sessions = world.liveness_sessions()
    for name, one in WAITING.items():
        session, owner = one.session, owner_of("native", one.key)
        await sessions.keep(owner, session)
        state = CaptureState(
            id=id_of(name),
            sid=session.sid,
            opened_at=ISSUED_AT,
            expires_at=session.expires_at,
            kept_until=session.expires_at + KEPT_S,
            asked=session.actions,
            flash=session.biz_no is not None,
            origin=one.origin,
            webhook=one.webhook,
            uuid=None,
            id_number=one.id_number,
        )
        await states.put(owner, state)
        capture = None if one.mode == "hand_over" else state.id
        page = Page("native", one.key, one.mode, session.sid, capture, one.origin, max(session.expires_at, NOW + 1))
        expires_at = page.expires_at if name != "ended" else session.expires_at
        await PageTokens(world.vault, world.clock, partial(_token_bytes, name)).issue(page)
        world.vault.kept["page", NOBODY, token_of(name)] = (
            world.vault.kept["page", NOBODY, token_of(name)][0],
            expires_at,
        )


def _at_once(work: Coroutine[Any, Any, None]) -> None:
    """Do what never waits, as ports in memory do not, whether or not a loop is running."""
    try:
        work.send(None)
    except StopIteration:
        return
    work.close()
    raise RuntimeError("a port in memory waited")


def _token_bytes(name: str, _count: int) -> bytes:
    """The bytes of a token."""
    return hashlib.sha256(name.encode()).digest()


def scripted_captures(world: "World", yardstick: Yardstick) -> Captures:
    """What stands behind our own operations about captures."""
    states = capture_states(world)
    return Captures(
        open=OpenCapture(
            sessions=world.liveness_sessions(),
            states=states,
            tokens=PageTokens(world.vault, world.clock, world.entropy),
            secrets=StandingSecrets(),
            clock=world.clock,
            entropy=world.entropy,
            kept_s=KEPT_S,
            is_open=world.settings.get("liveness", "first") != "off",
        ),
        ask=AskForCapture(states, world.clock),
        compare=CompareCapture(states, ScriptedExaminer(), yardstick, RECIPE),
    )
