"""
Flash runs, read back: how a run ended, and for a while the pictures that it took.

A wire promises it, so they are kept: sealed, for the key that began the run, until its hours are over.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from ipse.core.genuineness.signed import SKEW_S
from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import Clock, Seat, Stopwatch, Vault

HOUR_S: Final = 3600.0

RunState: TypeAlias = Literal["unused", "used", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class FlashRun:
    """
    A flash run that was begun.

    Attributes:
        sid: The id of its session.
        expires_at: Unix seconds at which its session ends.
        state: How it stands; one that was never used expires with its session.
    """

    sid: str
    expires_at: float
    state: RunState = "unused"


@dataclass(frozen=True, slots=True)
class AskAboutRunCommand:
    """Which run, and for whom it would have to have been begun."""

    owner: str
    biz_no: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskAboutRunOutcome:
    """How it stands, and its pictures by their names, if they are kept."""

    run: FlashRun
    pictures: Mapping[str, bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class FlashRuns:
    """
    Remembers runs.

    Attributes:
        vault: Where they rest.
        clock: When they end.
        hours: How long the pictures of a run are kept once it was used; with 0 none is.
    """

    vault: Vault
    clock: Clock
    hours: float = 0.0

    async def begin(self, owner: str, biz_no: str, run: FlashRun) -> None:
        """Remember a run that was begun."""
        await self._put(owner, biz_no, run)

    async def end(self, owner: str, biz_no: str, pictures: Mapping[str, bytes], *, failed: bool) -> None:
        """Remember how a run ended, and keep its pictures."""
        run = await self.find(owner, biz_no)
        if run is None:
            return
        await self._put(owner, biz_no, FlashRun(run.sid, run.expires_at, "failed" if failed else "used"))
        if self.hours > 0:
            kept = json.dumps({name: b64encode(content).decode() for name, content in pictures.items()}).encode()
            await self.vault.put("flash_pictures", owner, biz_no, kept, self.clock.now() + self.hours * HOUR_S)

    async def find(self, owner: str, biz_no: str) -> FlashRun | None:
        """Give a run of this owner, while it is remembered."""
        now = self.clock.now()
        packed = await self.vault.get("flash_run", owner, biz_no, now)
        if packed is None:
            return None
        run = FlashRun(*json.loads(packed))
        is_over = run.state == "unused" and now > run.expires_at
        return FlashRun(run.sid, run.expires_at, "expired") if is_over else run

    async def pictures(self, owner: str, biz_no: str) -> Mapping[str, bytes]:
        """Give the pictures of a run, while they are kept."""
        packed = await self.vault.get("flash_pictures", owner, biz_no, self.clock.now())
        kept = {} if packed is None else json.loads(packed)
        return MappingProxyType({name: b64decode(content) for name, content in kept.items()})

    async def _put(self, owner: str, biz_no: str, run: FlashRun) -> None:
        """Keep what is known of a run, as long as its session could be asked for, and its pictures after that."""
        until = max(run.expires_at, self.clock.now()) + SKEW_S + self.hours * HOUR_S
        packed = json.dumps([run.sid, run.expires_at, run.state]).encode()
        await self.vault.put("flash_run", owner, biz_no, packed, until)


@dataclass(frozen=True, slots=True)
class AskAboutRun:
    """The use case."""

    runs: FlashRuns

    async def __call__(self, command: AskAboutRunCommand, seat: Seat, stopwatch: Stopwatch) -> AskAboutRunOutcome:
        """
        Give how a run stands.

        Raises:
            Refusal: `ARGUMENT_INVALID` (biz_no): never begun for this key, or remembered no longer.
        """
        del seat
        with stopwatch.stage("vault"):
            run = await self.runs.find(command.owner, command.biz_no)
            if run is None:
                raise Refusal(Reason.ARGUMENT_INVALID, "biz_no")
            return AskAboutRunOutcome(run, await self.runs.pictures(command.owner, command.biz_no))
