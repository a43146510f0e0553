"""Webhooks: what was told to whom, what still has to be, and with what it is signed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias, get_args
from uuid import NAMESPACE_URL, uuid5

Event: TypeAlias = Literal["capture", "card", "case"]

EVENTS: Final[tuple[Event, ...]] = get_args(Event)
"""What is told: what came of a capture, what was read of a card, what people decided."""

DeliveryState: TypeAlias = Literal["held", "waiting", "taken", "given_up"]

DELIVERY_STATES: Final[tuple[DeliveryState, ...]] = get_args(DeliveryState)
"""How a delivery stands; one that is held waits for its result to be kept, and is told to nobody before."""


@dataclass(frozen=True, slots=True)
class News:
    """
    Something that is to be told.

    Attributes:
        event: What it is.
        entry: The call that it is about.
        owner: Whose call: the key's public id.
        address: Where it is told.
        content: What is told, as JSON.
    """

    event: Event
    entry: str
    owner: str
    address: str = field(repr=False)
    content: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """The delivery's id: of each event of a call there is one, however often it is put off."""
        return delivery_id(self.event, self.entry)


def delivery_id(event: Event, entry: str) -> str:
    """Give the id of a delivery, by which whoever is told knows a repeat."""
    return str(uuid5(NAMESPACE_URL, f"ipse:{event}:{entry}"))


@dataclass(frozen=True, slots=True)
class Delivery:
    """
    Something that is being told.

    Attributes:
        id: Sent along.
        owner: Whose it is.
        event: What it is.
        address: Where it is told.
        content: What is told.
        attempt: The how-manieth this is, from 1; never the same twice.
        until: Unix seconds from which it is given up.
        before: How many attempts there had been when somebody last asked to have it told anew.
    """

    id: str
    owner: str
    event: Event
    address: str = field(repr=False)
    content: bytes = field(repr=False)
    attempt: int
    until: float
    before: int = 0


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """
    A delivery as people see it: not what was told, and of the address the host only.

    Attributes:
        id: What whoever is told knows it by.
        owner: Whose it is.
        event: What it is.
        entry: The call that it is about.
        host: Who is told; empty if the address cannot be opened any more.
        state: How it stands.
        attempts: How often it was tried.
        answer: The status of the last answer, or why there was none; `None` before the first attempt.
        created_at: Unix seconds.
        next_at: When it is tried next, while it waits.
        expires_at: Until when it can be told again.
    """

    id: str
    owner: str
    event: Event
    entry: str
    host: str
    state: DeliveryState
    attempts: int
    answer: str | None
    created_at: float
    next_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class DeliveryWish:
    """Which deliveries are wanted: of a key, an event, a state, a call; made before a moment; `None` is any."""

    owner: str | None = None
    event: Event | None = None
    state: DeliveryState | None = None
    entry: str | None = None
    before: float | None = None
    most: int = 100


class Deliveries(Protocol):
    """What still has to be told and what was, shared by all servers; nobody's turn starves another's."""

    async def put(self, news: News, now: float, not_before: float | None) -> None:
        """
        Put off that it is told, not before a moment; put off again, it is what is told from now on.

        `None` holds it: it is let go in the transaction that keeps what it tells of, or by hand, and else never told.
        """
        ...

    async def release(self, delivery: str, now: float) -> None:
        """Let it be told now, if it is held."""
        ...

    async def claim(self, now: float, lease_s: float) -> Delivery | None:
        """Give what is due, for so many seconds: of one owner after the other, and of each at most two at once."""
        ...

    async def taken(self, delivery: Delivery, answer: str) -> None:
        """Note that it was taken."""
        ...

    async def fail(self, delivery: Delivery, answer: str, next_at: float | None) -> None:
        """Note that it was not; `None` gives it up."""
        ...

    async def lines(self, wish: DeliveryWish, now: float) -> tuple[DeliveryLine, ...]:
        """Give what was and will be told, the newest first."""
        ...

    async def replay(self, delivery: str, now: float) -> bool:
        """Have it told anew from now on, for a day again; whether there is such a delivery that nobody tells now."""
        ...


class WebhookSecrets(Protocol):
    """What webhooks are signed with."""

    async def of(self, key: str) -> tuple[str, ...]:
        """Give the secrets of a key by its public id: the newest, then the one before while its grace lasts."""
        ...

    async def renew(self, key: str, now: float, grace_s: float) -> str | None:
        """Give a key a new secret, the last one being used beside it for a while; `None`: there is no such key."""
        ...


Random: TypeAlias = Callable[[], float]
"""Gives a number from 0 to 1, evenly."""
