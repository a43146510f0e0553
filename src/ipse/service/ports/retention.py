"""What is kept of calls because a policy says so, the object store, and what erases all of it."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol, TypeAlias, get_args
from uuid import UUID

ArtefactKind: TypeAlias = Literal["picture", "template", "result"]

ARTEFACT_KINDS: Final[tuple[ArtefactKind, ...]] = get_args(ArtefactKind)
"""What a policy tells apart."""

Retention: TypeAlias = Mapping[ArtefactKind, int]
"""For how many hours what kind is kept; what is not named is not kept."""


@dataclass(frozen=True, slots=True)
class Artefact:
    """
    Something of a call that may be worth keeping.

    Attributes:
        kind: What a policy calls it.
        name: What the call named it: `probe`, `front`, `answer`.
        content: A picture's file, a packed template, or JSON.
    """

    kind: ArtefactKind
    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptArtefact:
    """
    Something that was kept of a call.

    Attributes:
        id: Its own id; public.
        kind: What a policy calls it.
        name: What the call named it.
        expires_at: Unix seconds until which it is kept.
    """

    id: str
    kind: ArtefactKind
    name: str
    expires_at: float


class Kept(Protocol):
    """What policies keep, each under the data key of its call."""

    async def of_call(self, call: UUID, now: float) -> tuple[KeptArtefact, ...]:
        """Give what is kept of a call, without opening it."""
        ...

    async def content(self, artefact: str, now: float) -> bytes | None:
        """Give what an artefact is; `None` if it is kept no longer, or its data key is gone."""
        ...


class Keeping(Protocol):
    """Keeps what comes of a call after it was answered."""

    async def mark(self, call: UUID, numbers: tuple[str, ...]) -> None:
        """Let a call be found by the identity numbers that it turned out to be about."""
        ...

    async def keep(self, call: UUID, owner: str, artefacts: tuple[Artefact, ...], now: float) -> None:
        """Keep what the policy of the owner's key keeps."""
        ...


class BlobError(Exception):
    """The object store does not do its part; the words are for its operator, and hold nothing secret."""


class Blobs(Protocol):
    """An object store. It is given ciphertext only."""

    async def put(self, name: str, content: bytes) -> None:
        """Keep it under this name; raises `BlobError`."""
        ...

    async def get(self, name: str) -> bytes | None:
        """Give it back; `None` if it is not there; raises `BlobError`."""
        ...

    async def delete(self, name: str) -> bool:
        """Throw it away; whether it was there; raises `BlobError`."""
        ...

    def older_than(self, moment: float) -> AsyncIterator[str]:
        """Give the names of what was put before this moment (Unix seconds); raises `BlobError`."""
        ...


EraseBy: TypeAlias = Literal["request", "uuid", "number"]

ERASE_BY: Final[tuple[EraseBy, ...]] = get_args(EraseBy)
"""By what somebody can be erased: a request id in any dialect's spelling, the caller's own id, an identity number."""


@dataclass(frozen=True, slots=True)
class Whom:
    """
    Who, or which call, is to be erased.

    Attributes:
        by: What is given.
        text: The id or the number itself.
        key: Only of this key: two owners may call two people by one uuid. `None`: whoever's.
    """

    by: EraseBy
    text: str = field(repr=False)
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """
    Something that is gone.

    Attributes:
        stands_in: The table, or `blobs`.
        kind: What it was.
        place: Its primary key there, or its name.
    """

    stands_in: str
    kind: str
    place: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Erased:
    """
    What came of an erasure.

    Attributes:
        gone: Every row and blob that was deleted.
        calls: How many lines of the ledger it was about; they stay.
        database: What holds the rows: `sqlite` or `postgresql`.
        compacted: Whether no deleted row can be read from the database's files any more.
        under_way: How many calls and jobs were under way meanwhile: what they keep was not reached.
        blobs_left: How many blobs could not be deleted, or were not found; their data key is gone.
    """

    gone: tuple[Gone, ...]
    calls: int
    database: str
    compacted: bool
    under_way: int = 0
    blobs_left: int = 0


class Erasing(Protocol):
    """Finds everything that hangs together with a call or a person, and deletes it."""

    async def erase(self, whom: Whom, now: float) -> Erased:
        """Delete rows, blobs, marks and data keys; the second time nothing is left to delete."""
        ...
