"""The words of `ipse keys`: what its options and arguments take, read and judged."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final, Generic, TypeVar

import typer

from ipse.core.genuineness.judgement import NAMES, JudgementName
from ipse.core.genuineness.policy import CONSEQUENCES, Consequence, Policy
from ipse.protocols.operations import OPERATIONS
from ipse.service.ports.retention import ARTEFACT_KINDS, ArtefactKind, Retention

Value = TypeVar("Value")

NONE: Final = "none"
"""The word that takes a limit away."""

NAME_LETTERS: Final = 200
"""Longest name of a key: more is a mistake, and would break the table of `ipse keys list`."""

HOURS_A_DAY: Final = 24

MOST: Final = 2**31 - 1
"""Largest number: what an INTEGER of PostgreSQL holds."""


class Permission(StrEnum):
    """What a key may be allowed beyond its dialect's calls."""

    KYC = "kyc"
    RECORDS = "records"


class PermissionOrNone(StrEnum):
    """The same, and the word that takes all of it away."""

    KYC = "kyc"
    RECORDS = "records"
    NONE = NONE


@dataclass(frozen=True, slots=True)
class Given(Generic[Value]):
    """A limit that was named; `None` takes it away."""

    value: Value | None


def read_name(word: str) -> str:
    """The name, if it is one."""
    if not 1 <= len(word.strip()) <= NAME_LETTERS:
        raise typer.BadParameter(f"a name has 1 to {NAME_LETTERS} characters, this one has {len(word.strip())}")
    return word.strip()


def read_operations(words: Collection[str], dialect: str) -> frozenset[str]:
    """The operations that these words name, if the dialect has them all."""
    known = OPERATIONS[dialect]
    for word in words:
        if word not in known:
            raise typer.BadParameter(f"{dialect} has no operation {word!r}; it has {', '.join(sorted(known))}")
    return frozenset(words)


def read_policy(words: Collection[str]) -> Policy:
    """What these words say of suspicions: `judgement=consequence` each, the last one of a judgement counts."""
    policy: dict[JudgementName, Consequence] = {}
    for word in words:
        name, _, consequence = word.partition("=")
        found: list[tuple[JudgementName, Consequence]] = [
            (one, what) for one in NAMES for what in CONSEQUENCES if (one, what) == (name, consequence)
        ]
        if not found:
            judgements, consequences = ", ".join(NAMES), ", ".join(CONSEQUENCES)
            raise typer.BadParameter(f"{word!r} is no JUDGEMENT=WORD; judgements: {judgements}; words: {consequences}")
        policy.update(found)
    return policy


def read_retention(words: Collection[str]) -> Retention:
    """What these words keep: `pictures=24h`, `templates=7d`; the last one of a kind counts, and 0 keeps nothing."""
    retention: dict[ArtefactKind, int] = {}
    for word in words:
        found = re.fullmatch(r"([a-z]+?)s?=([0-9]{1,5})([hd]?)", word)
        kinds: list[ArtefactKind] = [one for one in ARTEFACT_KINDS if found is not None and one == found[1]]
        if found is None or not kinds or (found[3] == "" and int(found[2]) > 0):
            known = ", ".join(f"{one}s" for one in ARTEFACT_KINDS)
            raise typer.BadParameter(f"{word!r} is no KIND=TIME; kinds: {known}; times: 24h, 7d")
        retention[kinds[0]] = int(found[2]) * (HOURS_A_DAY if found[3] == "d" else 1)
    return {kind: hours for kind, hours in retention.items() if hours}


def read_rate(word: str) -> str:
    """A rate in the notation of the `limits` library."""
    from ipse.infra.store import limits_storage  # noqa: PLC0415  # A tenth of a second for an option that few use.

    try:
        limits_storage.read_rate(word)
    except ValueError:
        raise typer.BadParameter(f"{word!r} is no rate; write 5/second, 600/minute or 100 per 2 hours") from None
    return word.strip()


def read_count(word: str) -> int:
    """A number from 0 on."""
    if not (word.isascii() and word.isdigit() and int(word) <= MOST):
        raise typer.BadParameter(f"{word!r} is no number from 0 to {MOST}")
    return int(word)


def read_places(word: str) -> int:
    """A number from 1 on: a key whose calls may never be under way is better switched off."""
    if read_count(word) == 0:
        raise typer.BadParameter("at least 1; to refuse all calls: ipse keys disable")
    return read_count(word)


def or_none(read: Callable[[str], Value]) -> Callable[[str], Given[Value]]:
    """A reader that also takes the word that takes a limit away."""

    def read_given(word: str) -> Given[Value]:
        return Given(None) if word == NONE else Given(read(word))

    return read_given


KeyWord = Annotated[str, typer.Argument(metavar="KEY", help="The key as callers send it, or its public part.")]
Liveness = Annotated[
    list[str] | None,
    typer.Option(
        metavar="JUDGEMENT=WORD",
        help="What follows from a suspicion about a capture: reject, warn or inform; may be repeated.",
    ),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        metavar="KIND=TIME",
        help="What is kept of its calls, encrypted, and for how long: pictures=24h, templates=7d, results=30d.",
    ),
]
Allowed = Annotated[
    list[Permission] | None,
    typer.Option(help="kyc: may ask the registry of people. records: may look up every key's calls."),
]
