"""Made-up specimen cards for tests and figures: nobody's, like no real card's artwork, with SPECIMEN across."""

from specimens.attacks import ATTACKS, attack, tamper
from specimens.drawing import KINDS, draw, person_of
from specimens.faults import FAULTS, draw_faulty, faults_of
from specimens.photographed import LEVELS, Photo, degrade
from specimens.scenes import BACKGROUNDS, scene
from specimens.signing import public_key
from specimens.words import Drawn, Person, Printed, PrintedCode, PrintedLine, Specimen

__all__ = [
    "ATTACKS",
    "BACKGROUNDS",
    "FAULTS",
    "KINDS",
    "LEVELS",
    "Drawn",
    "Person",
    "Photo",
    "Printed",
    "PrintedCode",
    "PrintedLine",
    "Specimen",
    "attack",
    "degrade",
    "draw",
    "draw_faulty",
    "faults_of",
    "person_of",
    "public_key",
    "scene",
    "tamper",
]
