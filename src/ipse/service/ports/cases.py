"""Cases: what people look at because the machine only suspects, and what they thought of it."""

from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias, get_args

from ipse.service.ports.deliveries import News

CaseKind: TypeAlias = Literal["card", "capture"]

CASE_KINDS: Final[tuple[CaseKind, ...]] = get_args(CaseKind)
"""What a case is about."""

CaseState: TypeAlias = Literal["open", "second", "third", "decided"]

CASE_STATES: Final[tuple[CaseState, ...]] = get_args(CaseState)
"""How a case stands: `second` asks for another pair of eyes, `third` for somebody who decides between two."""

Decision: TypeAlias = Literal["approve", "reject"]

DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)
"""What people come to."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """
    A call that warned.

    Attributes:
        entry: The call; of each there is one case.
        kind: What it is about.
        owner: Whose call: the key's public id.
        warnings: Why, in words.
        content: What the machine found, and whom to tell, as JSON.
    """

    entry: str
    kind: CaseKind
    owner: str
    warnings: tuple[str, ...]
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """
    A case in a list.

    Attributes:
        entry: The call.
        kind: What it is about.
        owner: Whose call.
        warnings: Why.
        state: How it stands.
        decision: What people came to; `None` until decided.
        created_at: Unix seconds.
        decided_at: Unix seconds.
        held_by: Who works on it at this moment.
        expires_at: When it is forgotten.
    """

    entry: str
    kind: CaseKind
    owner: str
    warnings: tuple[str, ...]
    state: CaseState
    decision: Decision | None
    created_at: float
    decided_at: float | None
    held_by: str | None
    expires_at: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thought, and why."""

    user: str
    decision: Decision
    reason: str = field(repr=False)
    at: float


@dataclass(frozen=True, slots=True)
class Case:
    """A case with what was found, as JSON, and what people thought of it, the first first."""

    line: CaseLine
    content: bytes = field(repr=False)
    opinions: tuple[Opinion, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseWish:
    """Which cases are wanted: of a state, a kind, a key, with a warning, made before a moment; `None` is any."""

    state: CaseState | None = None
    kind: CaseKind | None = None
    owner: str | None = None
    warning: str | None = None
    before: float | None = None
    most: int = 50


@dataclass(frozen=True, slots=True)
class Step:
    """
    What an opinion brings about.

    Attributes:
        opinion: The opinion.
        opinions_before: How many there were when it was formed: with more by now, it does not count.
        state: How the case stands then.
        decision: What it came to, if it is decided.
        news: Who is told.
    """

    opinion: Opinion
    opinions_before: int
    state: CaseState
    decision: Decision | None
    news: News | None


class Cases(Protocol):
    """Cases, shared by all servers; each is forgotten when its time is over."""

    async def open(self, case: NewCase, now: float) -> None:
        """Have people look at a call; twice is as good as once."""
        ...

    async def lines(self, wish: CaseWish, now: float) -> tuple[CaseLine, ...]:
        """Give cases, those that wait longest first; of decided ones the newest first."""
        ...

    async def find(self, entry: str, now: float, owner: str | None = None) -> Case | None:
        """Give the case of a call, if it is this key's; `None` as owner is anybody."""
        ...

    async def hold(self, entry: str, user: str, now: float, until: float) -> bool:
        """Keep others from working on it for a while; `False` if somebody else does, or nothing is to be done."""
        ...

    async def let_go(self, entry: str, user: str) -> None:
        """Let others work on it."""
        ...

    async def step(self, entry: str, step: Step, now: float) -> bool:
        """Note an opinion and what it brings about, all or nothing; `False` if another one came first."""
        ...
