"""The registry of people."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Registered:
    """
    What the registry has of a person whose name was right.

    Attributes:
        template: Packed (`ipse.core.faces.packing`), if there is one of the present recipe.
        photo: Else the file of the photo, for whoever asked to look at; both are `None` when there is no usable photo.
        monochrome: Whether the photo is grey; `None` until somebody looks.
    """

    template: bytes | None = field(default=None, repr=False)
    photo: bytes | None = field(default=None, repr=False)
    monochrome: bool | None = None


class People(Protocol):
    """The registry of people: our own, or an authority elsewhere."""

    async def look_up(self, id_number: str, name: str) -> Registered:
        """
        Give what is registered under a number and a name.

        Raises:
            Refusal: `DATA_SOURCE_FAILED` when it cannot be asked, `PERSON_UNKNOWN`, `PERSON_NAME_DIFFERS`,
                `PERSON_PHOTO_UNUSABLE` or `PERSON_PHOTO_FACELESS`.
        """
        ...


class Attacks(Protocol):
    """Identity numbers under which attacks were seen; only keyed hashes of them are kept."""

    async def seen(self, id_number: str, now: float) -> bool:
        """Give whether there was one that still counts; raises `Refusal(DATA_SOURCE_FAILED)` if it cannot be told."""
        ...

    async def note(self, id_number: str, expires_at: float) -> None:
        """Remember one until `expires_at` (Unix seconds), or as long as one is remembered already."""
        ...
