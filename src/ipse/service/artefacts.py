"""
What of a call a policy may keep: the pictures that were sent, and the templates that were made of them.

Commands and outcomes are frozen values made of frozen values, so one walk finds both in all of them, and no operation
can forget to tell.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Final

from ipse.core.faces.packing import pack
from ipse.core.images.sniff import recognise
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import Template
from ipse.service.ports.retention import Artefact
from ipse.service.verify_faces import Picture

DEEPEST: Final = 8
"""How deep values are looked into. Source: ours; a template of a flash run's best shot is five deep."""

IMAGES: Final = "images"
"""What fields are called that hold files of pictures by their names."""

CONTENT: Final = "content"
"""What fields are called that hold one file, of a picture or of something else."""

FILE: Final = "file"
"""What such a picture is called."""


def artefacts(command: object, outcome: object) -> tuple[Artefact, ...]:
    """Give the pictures of a command and the templates of its outcome; each once."""
    return tuple(dict.fromkeys((*_pictures(command, "", DEEPEST), *_templates(outcome, "template", DEEPEST))))


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
