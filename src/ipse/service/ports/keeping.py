"""What rests for a while: things, work, answers."""

from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

VaultKind: TypeAlias = Literal[
    "face_token", "image", "picture", "liveness", "flash_run", "flash_pictures", "page", "capture"
]
OnceKind: TypeAlias = Literal["liveness_bundle", "flash_run", "capture", "form"]


class Vault(Protocol):
    """Things kept for a while: sealed, owned by one key, found only by a token that is itself not kept."""

    async def put(self, kind: VaultKind, owner: str, token: str, content: bytes, expires_at: float) -> None:
        """Keep it until `expires_at` (Unix seconds)."""
        ...

    async def get(self, kind: VaultKind, owner: str, token: str, now: float) -> bytes | None:
        """Give it back; `None` if it was never there, is another key's, has expired or cannot be opened any more."""
        ...

    async def holds(self, kind: VaultKind, owner: str, token: str, now: float) -> bool:
        """Whether it is kept, even if it cannot be opened any more."""
        ...

    async def forget(self, kind: VaultKind, owner: str, token: str) -> None:
        """Throw it away."""
        ...


class Once(Protocol):
    """What may be used once; only keyed hashes of it are kept. Shared by all servers."""

    async def spend(self, kind: OnceKind, owner: str, token: str, expires_at: float, now: float) -> bool:
        """Spend it until `expires_at` (Unix seconds), in one atomic step; whether nobody had: `True` for one only."""
        ...

    async def release(self, kind: OnceKind, owner: str, token: str) -> None:
        """Let it be spent anew; only for whoever spent it, when they failed through no fault of its owner."""
        ...


@dataclass(frozen=True, slots=True)
class Job:
    """Work that was put off: whose, what kind, with what, and the how-manieth attempt this is (from 1)."""

    id: str
    kind: str
    owner: str
    payload: bytes = field(repr=False)
    attempt: int


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands; `result` is there once it is done, `given_up` says that it was tried too often."""

    result: bytes | None = field(repr=False)
    given_up: bool = False


class Jobs(Protocol):
    """Work put off until later; it survives a killed server, and its effects happen once."""

    async def put(self, token: str, kind: str, owner: str, payload: bytes, expires_at: float) -> None:
        """Put work off; its owner asks for the result by the token until `expires_at`."""
        ...

    async def claim(self, kinds: tuple[str, ...], now: float, lease_s: float) -> Job | None:
        """Give the oldest job that nobody works on, for so many seconds; a lease that ran out is nobody's."""
        ...

    async def hold(self, job: Job, now: float, lease_s: float) -> bool:
        """Begin the lease anew; `False` if it went to somebody else."""
        ...

    async def finish(self, job: Job, result: bytes) -> bool:
        """Keep the result and forget the payload; `False`, and nothing kept, if the lease went to somebody else."""
        ...

    async def fail(self, job: Job, now: float, wait_s: float) -> None:
        """Let somebody try again, not before so many seconds; after the last attempt give up and forget the payload."""
        ...

    async def state(self, kind: str, owner: str, token: str, now: float) -> JobState | None:
        """Give how the owner's job stands; `None` if there is no such job, or no longer."""
        ...


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer that was given before: status, headers and body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


class Idempotency(Protocol):
    """Which requests were answered before, by the key that the caller gave them."""

    async def begin(self, owner: str, key: str, fingerprint: bytes, now: float) -> KeptAnswer | None:
        """
        Give the answer that this request got before, or `None` and a reservation.

        Raises:
            Refusal: `IDEMPOTENCY_CONFLICT`: the key came with another request (field `request`), or its first one is
                under way.
        """
        ...

    async def end(self, owner: str, key: str, answer: KeptAnswer | None) -> None:
        """Keep the answer; `None` gives the reservation back, so that the caller may try again."""
        ...
