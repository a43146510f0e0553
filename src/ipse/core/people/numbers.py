"""
Identity numbers: the form that a registry asks for.

A form is `mainland` (Megvii's: 17 digits, then a digit or X), the name of one of python-stdnum's modules such as
`stdnum:th.pin`, or a regular expression such as `re:[A-Z][0-9]{8}`, matched by RE2 in time linear in the number.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Literal, Protocol, TypeAlias

import re2
from stdnum.exceptions import ValidationError

from ipse.core.cards.numbers.china import has_right_check_digit

MOST_LETTERS: Final = 64
"""Longest number. Source: ours; the longest of python-stdnum's national numbers has 20."""

Warned: TypeAlias = Literal["check_digit"]
"""What may be wrong with a number that is taken all the same."""


class NumberFormUnknown(ValueError):  # noqa: N818  # says what happened
    """The name of a form names none; the message says what to write."""


class NumberForm(Protocol):
    """What a registry's numbers look like."""

    def fits(self, number: str) -> bool:
        """Give whether a number, spelled as `one_spelling` does, has this form."""
        ...

    def warning(self, number: str) -> Warned | None:
        """Give what is wrong with a number that fits, but may have been mistyped."""
        ...


def number_form(name: str) -> NumberForm:
    """
    Give the form of this name.

    Raises:
        NumberFormUnknown: There is none.
    """
    kind, colon, rest = name.partition(":")
    if name == "mainland":
        return Mainland()
    if kind == "re" and colon:
        return Expression(_compiled(rest))
    if kind == "stdnum" and colon:
        return Standard(_standard(rest))
    raise NumberFormUnknown("write mainland, stdnum:COUNTRY.NAME or re:EXPRESSION")


@dataclass(frozen=True, slots=True)
class Mainland:
    """The resident identity number of mainland China, as Megvii's page has it: the form only."""

    def fits(self, number: str) -> bool:
        """Give whether there are 17 digits, then a digit or X. Source: verify 2.0.6, INVALID_IDCARD_NUMBER."""
        return bool(_MAINLAND.fullmatch(number))

    def warning(self, number: str) -> Warned | None:
        """Give whether the check digit (GB 11643-1999, ISO 7064 MOD 11-2) is another one."""
        return None if has_right_check_digit(number) else "check_digit"


@dataclass(frozen=True, slots=True)
class Expression:
    """Numbers that a regular expression matches from end to end."""

    pattern: "re2._Regexp"

    def fits(self, number: str) -> bool:
        """Give whether the whole number matches."""
        return bool(self.pattern.fullmatch(number))

    def warning(self, number: str) -> Warned | None:
        """Give nothing: an expression knows no check digit."""
        del number
        return None


class _Validates(Protocol):
    """A module of python-stdnum."""

    def validate(self, number: str) -> str:
        """Give the number, or raise `ValidationError`."""
        ...


@dataclass(frozen=True, slots=True)
class Standard:
    """Numbers that a module of python-stdnum takes, check digit included."""

    module: _Validates

    def fits(self, number: str) -> bool:
        """Give whether the number is valid."""
        try:
            self.module.validate(number)
        except ValidationError:
            return False
        return True

    def warning(self, number: str) -> Warned | None:
        """Give nothing: a wrong check digit does not fit."""
        del number
        return None


def _compiled(expression: str) -> "re2._Regexp":
    """Give an expression, compiled."""
    quiet = re2.Options()
    quiet.log_errors = False
    try:
        return re2.compile(expression, quiet)
    except re2.error as error:
        raise NumberFormUnknown("the expression after re: cannot be read by RE2") from error


def _standard(name: str) -> _Validates:
    """Give a module of python-stdnum by its name, nothing else of Python's."""
    if not _MODULE.fullmatch(name):
        raise NumberFormUnknown("write stdnum:COUNTRY.NAME, such as stdnum:th.pin")
    try:
        module: Any = import_module(f"stdnum.{name}")
    except ImportError as error:
        raise NumberFormUnknown(f"python-stdnum has no {name}") from error
    if not hasattr(module, "validate"):
        raise NumberFormUnknown(f"python-stdnum's {name} validates nothing")
    validates: _Validates = module
    return validates


_MAINLAND: Final = re2.compile("[0-9]{17}[0-9X]")
_MODULE: Final = re2.compile(r"[a-z]{2}_?\.[a-z0-9_]+")
