"""What waits to be told and to be looked at, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from ipse.infra.signing import WebhookKeys
from ipse.service.ports import (
    Case,
    CaseLine,
    CaseWish,
    Delivery,
    DeliveryLine,
    DeliveryWish,
    NewCase,
    News,
    Step,
)
from tests.wire.keeping import MASTER_KEY
from tests.wire.ports import NOW

DAY_S = 86_400.0


_OPEN: Final = CaseLine(
    entry="00000000-0000-4000-8000-00000000ca5e",
    kind="card",
    owner="good",
    warnings=("glare", "screen"),
    state="second",
    decision=None,
    created_at=NOW,
    decided_at=None,
    held_by="somebody",
    expires_at=NOW + 30 * DAY_S,
)

CASES: Final[Mapping[str, CaseLine]] = {
    "open": _OPEN,
    "decided": replace(_OPEN, state="decided", decision="approve", decided_at=NOW + 60, held_by=None),
    "another's": replace(_OPEN, owner="narrow"),
}
"""Cases that may wait in the world of the wire."""


@dataclass
class InMemoryDeliveries:
    """News in a mapping, each with the moment from which it is told, if it is not held; nobody tells it here."""

    waiting: dict[str, tuple[News, float | None]] = field(default_factory=dict)

    async def put(self, news: News, now: float, not_before: float | None) -> None:
        """Keep it."""
        del now
        self.waiting[news.id] = news, not_before

    async def release(self, delivery: str, now: float) -> None:
        """Its time is now."""
        self.waiting[delivery] = self.waiting[delivery][0], now

    async def claim(self, now: float, lease_s: float) -> Delivery | None:
        """Nothing: there is no teller."""
        del now, lease_s
        return None

    async def taken(self, delivery: Delivery, answer: str) -> None:
        """Nothing was claimed."""

    async def fail(self, delivery: Delivery, answer: str, next_at: float | None) -> None:
        """Nothing was claimed."""

    async def lines(self, wish: DeliveryWish, now: float) -> tuple[DeliveryLine, ...]:
        """Nobody looks."""
        del wish, now
        return ()

    async def replay(self, delivery: str, now: float) -> bool:
        """Nobody asks."""
        del delivery, now
        return False


@dataclass
class InMemoryCases:
    """Cases in a mapping, which a test may decide."""

    kept: dict[str, Case] = field(default_factory=dict)

    async def open(self, case: NewCase, now: float) -> None:
        """Keep it."""
        line = CaseLine(
            case.entry, case.kind, case.owner, case.warnings, "open", None, now, None, None, now + 30 * DAY_S
        )
        self.kept.setdefault(case.entry, Case(line, case.content))

    async def lines(self, wish: CaseWish, now: float) -> tuple[CaseLine, ...]:
        """Nobody looks."""
        del wish, now
        return ()

    async def find(self, entry: str, now: float, owner: str | None = None) -> Case | None:
        """The case of a call, if it is this key's."""
        del now
        found = self.kept.get(entry)
        return None if found is None or owner not in {None, found.line.owner} else found

    async def hold(self, entry: str, user: str, now: float, until: float) -> bool:
        """Nobody works here."""
        del entry, user, now, until
        return False

    async def let_go(self, entry: str, user: str) -> None:
        """Nobody works here."""

    async def step(self, entry: str, step: Step, now: float) -> bool:
        """Nobody works here."""
        del entry, step, now
        return False

    def have(self, names: Sequence[str]) -> None:
        """Have some of the cases above."""
        self.kept |= {CASES[name].entry: Case(CASES[name], b"{}") for name in names}


class StandingSecrets:
    """Secrets that are never renewed."""

    async def of(self, key: str) -> tuple[str, ...]:
        """The only one."""
        return (WebhookKeys(MASTER_KEY).secret(f"native:{key}"),)

    async def renew(self, key: str, now: float, grace_s: float) -> str | None:
        """Nobody asks."""
        del key, now, grace_s
        return None
