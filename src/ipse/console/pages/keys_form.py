"""The form of a key's limits, read: what was written becomes limits, or words that say what is wrong with a field."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from ipse.console.page import Asked
from ipse.console.showing import read_day
from ipse.core.genuineness.judgement import NAMES, JudgementName
from ipse.core.genuineness.policy import CONSEQUENCES, Consequence
from ipse.protocols.operations import OPERATIONS
from ipse.service.ports import DialectName, Key, Limits
from ipse.service.ports.retention import ARTEFACT_KINDS, Retention

NAME_LETTERS: Final = 200
"""Longest name of a key, as the command line has it."""

MOST: Final = 2**31 - 1
"""Largest number: what an INTEGER of PostgreSQL holds."""

MOST_HOURS: Final = 24 * 3660
"""Longest time that something is kept: ten years. Source: ours; a longer one is more likely a mistake."""

PERMISSIONS: Final = ("kyc", "records")
"""What a key may be allowed beyond its dialect's calls."""

Wrong = dict[str, str]
"""What is wrong, by field: each value names a sentence of `words/*/keys.json`."""


class Form:
    """
    What somebody has written into the form.

    Args:
        asked: The request.
        dialect: Of the key.
        is_rate: Whether words are a rate that the limits understand.
    """

    def __init__(self, asked: Asked, dialect: DialectName, is_rate: Callable[[str], bool]) -> None:
        self._asked = asked
        self._dialect = dialect
        self._is_rate = is_rate
        self.wrong: Wrong = {}

    def name(self) -> str:
        """Give the name."""
        name = self._asked.text("name")
        if not 1 <= len(name) <= NAME_LETTERS:
            self.wrong["name"] = "wrong_name"
        return name

    def limits(self) -> Limits:
        """Give everything that the form sets; `wrong` says whether it may be used."""
        operations = frozenset(one for one in OPERATIONS[self._dialect] if self._asked.text(f"operation_{one}"))
        return Limits(
            permissions=frozenset(one for one in PERMISSIONS if self._asked.text(f"allow_{one}")),
            operations=operations or None,
            test_quota=self._count("test_quota", least=0),
            credit=self._count("credit", least=0),
            rate=self._rate(),
            concurrency=self._count("concurrency", least=1),
            expires_on=self._day(),
            liveness=self._policy(),
            retention=self._retention(),
        )

    def _count(self, field: str, least: int) -> int | None:
        """Give a number; empty is no limit."""
        word = self._asked.text(field)
        if not word:
            return None
        if not (word.isascii() and word.isdigit() and least <= int(word) <= MOST):
            self.wrong[field] = "wrong_count"
            return None
        return int(word)

    def _retention(self) -> Retention:
        """Give for how many hours what is kept; what stays empty is not."""
        hours = {kind: self._count(f"keep_{kind}s", least=0) for kind in ARTEFACT_KINDS}
        for kind, count in hours.items():
            if count is not None and count > MOST_HOURS:
                self.wrong[f"keep_{kind}s"] = "wrong_hours"
        kept: Retention = {kind: hours[kind] or 0 for kind in ARTEFACT_KINDS if hours[kind]}
        return kept

    def _rate(self) -> str | None:
        """Give a rate; empty is none."""
        word = self._asked.text("rate")
        if word and not self._is_rate(word):
            self.wrong["rate"] = "wrong_rate"
        return word or None

    def _day(self) -> date | None:
        """Give the last day; empty is none."""
        word = self._asked.text("expires_on")
        day = read_day(word)
        if word and day is None:
            self.wrong["expires_on"] = "wrong_day"
        return day

    def _policy(self) -> dict[JudgementName, Consequence]:
        """Give what follows from suspicions, as far as it is not left as it is by default."""
        chosen = {name: self._asked.text(f"liveness_{name}") for name in NAMES}
        return {name: word for name in NAMES for word in CONSEQUENCES if chosen[name] == word}


def written(asked: Asked) -> Mapping[str, str]:
    """Give what stands in the fields after a form came back, to be shown again."""
    return {name: asked.text(name) for name in _FIELDS}


def of_key(key: Key) -> Mapping[str, str]:
    """Give what stands in the fields for a key as it is."""
    operations = key.operations or frozenset()
    shown = {name: _shown(getattr(key, name)) for name in ("test_quota", "credit", "rate", "concurrency", "expires_on")}
    return (
        dict.fromkeys(_FIELDS, "")
        | shown
        | {"name": key.name}
        | {f"allow_{one}": "on" for one in key.permissions}
        | {f"operation_{one}": "on" for one in operations}
        | {f"liveness_{name}": word for name, word in key.liveness.items()}
        | {f"keep_{kind}s": str(hours) for kind, hours in key.retention.items()}
    )


def empty() -> Mapping[str, str]:
    """Give what stands in the fields of a form that nobody has touched."""
    return dict.fromkeys(_FIELDS, "")


def _shown(value: object) -> str:
    """Give a limit as its field shows it."""
    return "" if value is None else str(value)


_FIELDS: Final = (
    *("name", "test_quota", "credit", "rate", "concurrency", "expires_on"),
    *(f"allow_{one}" for one in PERMISSIONS),
    *sorted({f"operation_{one}" for words in OPERATIONS.values() for one in words}),
    *(f"liveness_{name}" for name in NAMES),
    *(f"keep_{kind}s" for kind in ARTEFACT_KINDS),
)
