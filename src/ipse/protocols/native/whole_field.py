"""A whole number that our own operations take."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Part
from ipse.protocols.native.fields import Schema, text_of


@dataclass(frozen=True, slots=True)
class WholeField:
    """A whole number from `least` to `most`."""

    name: str
    about: str
    default: int
    least: int
    most: int
    required: bool = field(default=False, init=False)

    def of_json(self, value: Any) -> int:
        """Give the number; `3.0` is one, as JSON has it."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refusal(Reason.ARGUMENT_TYPE, self.name)
        if not self.least <= value <= self.most:
            raise Refusal(Reason.ARGUMENT_INVALID, self.name)
        if value != int(value):
            raise Refusal(Reason.ARGUMENT_TYPE, self.name)
        return int(value)

    def of_parts(self, parts: Sequence[Part]) -> int:
        """Give the number as it is written, in digits."""
        word = text_of(parts[-1], self.name)
        if not (word.isascii() and word.isdigit()):
            raise Refusal(Reason.ARGUMENT_TYPE, self.name)
        if len(word) > len(str(self.most)):
            raise Refusal(Reason.ARGUMENT_INVALID, self.name)
        return self.of_json(int(word))

    def absent(self) -> int:
        """Give what it is when nobody says."""
        return self.default

    def schema(self) -> Schema:
        """Give its schema."""
        limits = {"minimum": self.least, "maximum": self.most, "default": self.default}
        return {"type": "integer", **limits, "description": self.about}

    def form_schema(self) -> Schema:
        """Give the same."""
        return self.schema()
