"""What can be tried: one row for each operation, with the pictures and words it wants and the calls that it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ipse.console.trying.call import Call, Member, Picture
from ipse.console.trying.finding import Finding
from ipse.console.trying.reading.answer import Answer
from ipse.service.desk.roles import Right

Json: TypeAlias = "Mapping[str, Any]"


@dataclass(frozen=True, slots=True)
class Slot:
    """
    A picture that an operation wants.

    Attributes:
        name: The field of the form, and of our drawing.
        samples: What may be used instead of a picture of one's own; the first is chosen until something else is.
        label: The key of its words, `slot_…`.
        required: Whether it must be there.
    """

    name: str
    samples: tuple[str, ...]
    label: str
    required: bool = True


@dataclass(frozen=True, slots=True)
class Wish:
    """
    A word that an operation wants besides.

    Attributes:
        name: The field of the form.
        value: What stands there at first.
        options: What can be chosen; empty for free text.
        label: The key of its words, `wish_…`.
    """

    name: str
    value: str
    options: tuple[str, ...]
    label: str


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to try with: pictures by their slots, words by their names."""

    pictures: Mapping[str, Picture] = field(repr=False)
    words: Mapping[str, str] = field(default_factory=dict, repr=False)


Step: TypeAlias = Callable[[Given, Json], Call]
"""Gives a call, from what was given and what the calls before it were answered; of equal members the first counts."""


def never(_answer: Json) -> bool:
    """Give `False`: the first answer is the last."""
    return False


@dataclass(frozen=True, slots=True)
class Trial:
    """
    An operation that can be tried.

    Attributes:
        name: Dialect and operation.
        steps: The calls, one after the other.
        reads: Gives what the last answer says.
        slots: The pictures that it wants.
        wishes: The words that it wants.
        looks: Our names (`photo`, `card`) of the slots to look at ourselves where the answer tells no places.
        waits: Whether an answer only says that it is not done.
        rights: What a visitor must be allowed besides trying.
    """

    name: str
    steps: tuple[Step, ...]
    reads: Callable[[Answer], Finding]
    slots: tuple[Slot, ...] = ()
    wishes: tuple[Wish, ...] = ()
    looks: Mapping[str, str] = field(default_factory=dict)
    waits: Callable[[Json], bool] = never
    rights: frozenset[Right] = frozenset()

    @property
    def dialect(self) -> str:
        """Give whose operation it is."""
        return self.name.partition(".")[0]


def form(dialect: str, path: str, *members: tuple[str, str], renamed: Mapping[str, str] | None = None) -> Step:
    """
    Give the step that posts a multipart form: these members, every word that was given, and every picture.

    Args:
        dialect: Whose call it is.
        path: Below the server's address.
        members: What is always the same.
        renamed: Wire names of slots that have another.
    """
    wire = renamed or {}

    def step(given: Given, _before: Json) -> Call:
        words = tuple((name, word) for name, word in given.words.items() if word)
        pictures: tuple[tuple[str, Member], ...] = tuple(
            (wire.get(name, name), picture) for name, picture in given.pictures.items()
        )
        return Call(dialect, "POST", path, (*members, *words, *pictures))

    return step


def ask(dialect: str, path: str) -> Step:
    """Give the step that only asks."""
    return lambda _given, _before: Call(dialect, "GET", path)


def post_json(dialect: str, path: str) -> Step:
    """Give the step that posts every word that was given as JSON; what looks like a whole number is one."""
    return lambda given, _before: Call(
        dialect, "POST", path, json={name: _value(word) for name, word in given.words.items() if word}
    )


def _value(word: str) -> str | int | bool:
    """Give a word as a JSON value."""
    if word in {"true", "false"}:
        return word == "true"
    return int(word) if word.isascii() and word.isdigit() and len(word) == 1 else word
