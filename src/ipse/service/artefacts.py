"""
What of a call a policy may keep: the pictures that were sent, and the templates that were made of them.

Commands and outcomes are frozen values made of frozen values, so one walk finds both in all of them, and no operation
can forget to tell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from ipse.core.cards.reading import CardReading
from ipse.core.faces.packing import pack
from ipse.core.images.sniff import recognise
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import Template
from ipse.service.ports.calls import Mark
from ipse.service.ports.retention import Artefact
from ipse.service.verify_faces import Picture

DEEPEST: Final = 8
"""How deep values are looked into. Source: ours; a template of a flash run's best shot is five deep."""

IMAGES: Final = "images"
"""What fields are called that hold files of pictures by their names."""

CONTENT: Final = "content"
"""What fields are called that hold one file, of a picture or of something else."""

NUMBERS: Final = ("id_number", "document_number", "personal_number")
"""The fields of a card by whose value somebody may be looked for."""

FILE: Final = "file"
"""What such a picture is called."""


def artefacts(command: object, outcome: object) -> tuple[Artefact, ...]:
    """Give the pictures of a command and the templates of its outcome; each once."""
    return tuple(dict.fromkeys((*_pictures(command, "", DEEPEST), *_templates(outcome, "template", DEEPEST))))


def numbers_read(outcome: object) -> tuple[Mark, ...]:
    """Give the identity numbers that were read of cards, so that whoever is erased by one is found."""
    return tuple(Mark("number", number) for card in _cards(outcome, DEEPEST) for number in numbers_of(card))


def numbers_of(card: CardReading) -> tuple[str, ...]:
    """Give the numbers of a person that a card says, each once."""
    return tuple(dict.fromkeys(number for number in map(card.value, NUMBERS) if number))


def _cards(value: object, depth: int) -> Iterator[CardReading]:
    """Give the cards in a value."""
    if isinstance(value, CardReading):
        yield value
    elif depth:
        for _, one in _parts(value, ""):
            yield from _cards(one, depth - 1)


def _pictures(value: object, name: str, depth: int) -> Iterator[Artefact]:
    """Give the pictures in a value that is called so."""
    if isinstance(value, Picture):
        if value.content:
            yield Artefact("picture", value.name, value.content)
    elif name == IMAGES and isinstance(value, Mapping):
        yield from (Artefact("picture", str(key), one) for key, one in value.items() if isinstance(one, bytes))
    elif name == CONTENT and isinstance(value, bytes) and is_picture(value):
        yield Artefact("picture", FILE, value)
    elif depth:
        for key, one in _parts(value, name):
            yield from _pictures(one, key, depth - 1)


def is_picture(content: bytes) -> bool:
    """Whether these bytes begin as a picture does."""
    try:
        recognise(content)
    except Refusal:
        return False
    return True


def _templates(value: object, name: str, depth: int) -> Iterator[Artefact]:
    """Give the templates in a value that is called so."""
    if isinstance(value, Template):
        yield Artefact("template", name, pack(value))
    elif depth:
        for key, one in _parts(value, name):
            yield from _templates(one, name if key == "template" else key, depth - 1)


def _parts(value: object, name: str) -> Iterator[tuple[str, object]]:
    """Give what a value is made of, by what it is called there."""
    if is_dataclass(value) and not isinstance(value, type):
        yield from ((each.name, getattr(value, each.name)) for each in fields(value))
    elif isinstance(value, Mapping):
        yield from ((str(key), one) for key, one in value.items())
    elif isinstance(value, tuple | list):
        yield from ((name, one) for one in value)
