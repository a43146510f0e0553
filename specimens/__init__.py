"""Made-up specimen cards for tests and figures: nobody's, like no real card's artwork, with SPECIMEN across."""

from specimens.drawing import KINDS, draw
from specimens.photographed import LEVELS, Photo, degrade
from specimens.words import Drawn, Person, Printed, PrintedCode, PrintedLine, Specimen

__all__ = [
    "KINDS",
    "LEVELS",
    "Drawn",
    "Person",
    "Photo",
    "Printed",
    "PrintedCode",
    "PrintedLine",
    "Specimen",
    "degrade",
    "draw",
]
