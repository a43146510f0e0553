"""The registry of people as whoever keeps it sees it: who is put in, what is known, who is taken out."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Shown:
    """
    What the photo of a person showed.

    Attributes:
        state: `usable`, `absent` or `faceless`.
        monochrome: Whether it is grey; `None` without a photo.
        template: Packed (`ipse.core.faces.packing`), of its largest face.
    """

    state: str
    monochrome: bool | None = None
    template: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to put in: number, name, photo and what it showed."""

    id_number: str = field(repr=False)
    name: str = field(repr=False)
    photo: bytes | None = field(repr=False)
    shown: Shown


@dataclass(frozen=True, slots=True)
class Entered:
    """
    A person as the registry has them.

    Attributes:
        name: As it was given.
        photo: What the photo is good for: `usable`, `absent`, `unreadable` or `faceless`.
        monochrome: Whether it is grey; `None` if that is not known.
        updated_at: Unix seconds of the last change.
    """

    name: str = field(repr=False)
    photo: str
    monochrome: bool | None
    updated_at: float


class Roll(Protocol):
    """Our own registry of people, to keep; each method raises `Refusal(DATA_SOURCE_FAILED)` if it cannot be asked."""

    async def put(self, newcomer: Newcomer, now: float) -> bool:
        """Put somebody in, in place of whoever had the number; whether nobody had."""
        ...

    async def find(self, id_number: str) -> Entered | None:
        """Give who has this number, however it is spelled."""
        ...

    async def remove(self, id_number: str) -> bool:
        """Take somebody out: number, name, photo and template; whether somebody was there."""
        ...
