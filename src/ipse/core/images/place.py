"""Where pictures are expanded: here, until the program that is put together says that another process does it."""

from typing import Final, Protocol

from ipse.core.images.header import Header
from ipse.core.images.limits import Limits
from ipse.core.vocabulary import Image


class Decoder(Protocol):
    """Who answers the two questions of `ipse.core.images.decoding` in place of this process."""

    def decode(self, data: bytes, limits: Limits, enough_px: int | None) -> Image:
        """The picture as upright RGB."""
        ...

    def inspect(self, data: bytes, limits: Limits) -> Header:
        """What the picture is and how large."""
        ...


class Place:
    """
    Whom the two questions go to.

    It belongs to the process, as what it guards against does: a decoder that is led astray takes the whole process with
    it, whoever called it.
    """

    def __init__(self) -> None:
        self._elsewhere: Decoder | None = None

    @property
    def elsewhere(self) -> Decoder | None:
        """Who is asked; nobody where pictures are expanded here."""
        return self._elsewhere

    def move(self, decoder: Decoder | None) -> None:
        """Ask this one from now on."""
        self._elsewhere = decoder


PLACE: Final = Place()
"""The place of this process."""
