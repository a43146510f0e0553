"""
Liveness sessions: what a client is asked to capture, and the key that it signs with.

A session opens only for the key that it was issued to, and ends by itself. It rests sealed in the vault, since whoever
knows its key can sign whatever they like.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar
from uuid import UUID

from ipse.core.genuineness.capture import Action, Colour
from ipse.core.genuineness.session import LivenessSession
from ipse.core.genuineness.signed import SKEW_S
from ipse.service.flash_runs import FlashRun, FlashRuns
from ipse.service.ports import Clock, Vault

Drawn = TypeVar("Drawn")

MOST_LIFE_S: Final = 3600.0
"""Longest life of a session. Source: the open bundle's rules, `expires_in` ≤ 3600."""

NONCE_BYTES: Final = 16
KEY_BYTES: Final = 32
"""Source: the open bundle's rules: a nonce of 128 bits, a key of 256."""

KID_BYTES: Final = 6
"""Ours: the name of a key is only told apart from the other names of one caller's sessions under way."""

FEWEST_COLOURS: Final = 6
"""Ours: a run has 6 or 7 of the 8 colours, no one twice: one of 60 480 sequences, shown in two or three seconds."""

TURNS: Final = (Action.TURN_LEFT, Action.TURN_RIGHT)
"""One of them is always asked for: a flat picture cannot turn its head."""


@dataclass(frozen=True, slots=True)
class LivenessSessions:
    """
    Issues sessions and finds them again.

    Attributes:
        vault: Where they rest.
        clock: When they end.
        entropy: Gives that many random bytes.
        life_s: How long a session lives.
        runs: Where flash runs are remembered; as long as sessions unless given.
    """

    vault: Vault
    clock: Clock
    entropy: Callable[[int], bytes] = field(repr=False)
    life_s: float = 600.0
    runs: FlashRuns | None = None

    async def open(self, owner: str, *, actions: int, flash: bool) -> LivenessSession:
        """Give a new session: so many actions (0 to 5), one of them a turn, and perhaps a flash run."""
        now = self.clock.now()
        session = LivenessSession(
            sid=self._id(now),
            kid=self.entropy(KID_BYTES).hex(),
            nonce=self.entropy(NONCE_BYTES),
            key=self.entropy(KEY_BYTES),
            actions=self._actions(actions),
            colours=self._drawn(tuple(Colour), FEWEST_COLOURS + self._below(2)) if flash else (),
            biz_no=self._id(now) if flash else None,
            issued_at=now,
            expires_at=now + min(self.life_s, MOST_LIFE_S),
        )
        await self.keep(owner, session)
        return session

    async def keep(self, owner: str, session: LivenessSession) -> None:
        """Keep what was issued, until nobody may use it any more."""
        await self.vault.put("liveness", owner, session.sid, _packed(session), session.expires_at + SKEW_S)
        if session.biz_no is not None:
            await self._runs.begin(owner, session.biz_no, FlashRun(session.sid, session.expires_at))

    async def find(self, owner: str, sid: str) -> LivenessSession | None:
        """Give a session of this owner; for `SKEW_S` beyond its end too, so that whoever asks can say that it ended."""
        packed = await self.vault.get("liveness", owner, sid, self.clock.now())
        return None if packed is None else _unpacked(packed)

    async def find_run(self, owner: str, biz_no: str) -> LivenessSession | None:
        """Give the session of a flash run of this owner."""
        run = await self._runs.find(owner, biz_no)
        return None if run is None else await self.find(owner, run.sid)

    async def end_run(self, owner: str, biz_no: str, pictures: Mapping[str, bytes], *, failed: bool) -> None:
        """Remember how a flash run ended; its pictures too, where runs can be read back."""
        await self._runs.end(owner, biz_no, pictures, failed=failed)

    @property
    def _runs(self) -> FlashRuns:
        """Where flash runs are remembered."""
        return self.runs or FlashRuns(self.vault, self.clock)

    def _id(self, now: float) -> str:
        """Give a new id. Source: the look of the vendor's request ids, `<unix seconds>,<uuid v4>`."""
        return f"{int(now)},{UUID(bytes=self.entropy(16), version=4)}"

    def _actions(self, count: int) -> tuple[Action, ...]:
        """Give so many different actions in no order that could be known; the first draw is among the turns."""
        if count < 1:
            return ()
        (turn,) = self._drawn(TURNS, 1)
        others = self._drawn([action for action in Action if action is not turn], count - 1)
        return self._drawn((turn, *others), count)

    def _drawn(self, among: Sequence[Drawn], count: int) -> tuple[Drawn, ...]:
        """Give so many of these, none twice, in the order in which they are drawn."""
        left = list(among)
        return tuple(left.pop(self._below(len(left))) for _ in range(min(count, len(left))))

    def _below(self, count: int) -> int:
        """Give a number below this; of 64 bits, so that no one is likelier by more than 1 in 10^18."""
        return int.from_bytes(self.entropy(8), "big") % count


def _packed(session: LivenessSession) -> bytes:
    """Give a session as bytes."""
    return json.dumps(
        {
            "sid": session.sid,
            "kid": session.kid,
            "nonce": b64encode(session.nonce).decode(),
            "key": b64encode(session.key).decode(),
            "actions": session.actions,
            "colours": session.colours,
            "biz_no": session.biz_no,
            "issued_at": session.issued_at,
            "expires_at": session.expires_at,
        }
    ).encode()


def _unpacked(packed: bytes) -> LivenessSession:
    """Give the session in the bytes that `_packed` gave."""
    kept = json.loads(packed)
    return LivenessSession(
        sid=kept["sid"],
        kid=kept["kid"],
        nonce=b64decode(kept["nonce"]),
        key=b64decode(kept["key"]),
        actions=tuple(map(Action, kept["actions"])),
        colours=tuple(map(Colour, kept["colours"])),
        biz_no=kept["biz_no"],
        issued_at=kept["issued_at"],
        expires_at=kept["expires_at"],
    )
