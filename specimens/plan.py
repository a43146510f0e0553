"""How one kind of card is made."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from specimens.sheet import ID1, Sheet
from specimens.words import Person, Pixels


@dataclass(frozen=True, slots=True)
class Plan:
    """
    How one kind of card is made.

    Attributes:
        person: Makes somebody from dice and a rendering.
        front: Prints the front.
        back: Prints the back, if it has one worth printing.
        size: Pixels of the finished side.
    """

    person: Callable[[random.Random, str], Person]
    front: Callable[[Sheet, Person, Pixels], None]
    back: Callable[[Sheet, Person, Pixels], None] | None = None
    size: tuple[int, int] = ID1
