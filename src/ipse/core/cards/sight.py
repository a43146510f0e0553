"""All that one picture of a side shows, before it is judged."""

from dataclasses import dataclass, field

from ipse.core.cards.card import SideReading
from ipse.core.cards.zone.parse import Zone
from ipse.core.documents.rectify import CardView
from ipse.core.vocabulary import Face, Image, Pixels


@dataclass(frozen=True, slots=True)
class SideSight:
    """
    A side as it was seen.

    Attributes:
        content: The file as sent, or its pixels.
        image: The same, decoded.
        cards: How many cards are in it.
        is_cut_off: Whether the card that was read goes on beyond the picture's border.
        view: The card as if it lay flat, upright; `None` if there is none.
        reading: What it says; `None` if there is none.
        faces: On the view, the largest first.
        zone: Its machine-readable zone.
        likeness: Cosine of the embeddings of its portrait and of a second face on it, the ghost; `None` without one.
    """

    content: bytes | Pixels = field(repr=False)
    image: Image
    cards: int = 0
    is_cut_off: bool = False
    view: CardView | None = None
    reading: SideReading | None = None
    faces: tuple[Face, ...] = ()
    zone: Zone | None = field(default=None, repr=False)
    likeness: float | None = None

    @property
    def portrait(self) -> Face | None:
        """The face that the card is about: the largest."""
        return self.faces[0] if self.faces else None
