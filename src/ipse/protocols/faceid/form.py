"""The fields of Megvii's forms, asked for by their rules."""

import re
from dataclasses import dataclass

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import WireRequest
from ipse.service.verify_faces import Picture

QUALITY = re.compile(rb"100|[1-9]?[0-9]")
"""Source: the page, parameter face_quality_threshold: whole numbers from 0 to 100; in ASCII digits."""

DEFAULT_QUALITY = b"30"
"""Source: the page, parameter face_quality_threshold."""

REFERENCES = {"image_ref1": "reference1", "image_ref2": "reference2", "image_ref3": "reference3"}


@dataclass(frozen=True, slots=True)
class Form:
    """A request whose fields are asked for."""

    request: WireRequest

    def required(self, name: str) -> bytes:
        """Give a field that must be there; an empty one is missing (`docs/protocols/faceid.md`, choice 1)."""
        content = self.request.content(name)
        if not content:
            raise Refusal(Reason.ARGUMENT_MISSING, name)
        return content

    def flag(self, name: str, *, default: bool) -> bool:
        """Give a `1` or `0`; anything else, also nothing between the quotes, is a bad argument."""
        return self.word(name, "1" if default else "0", frozenset({"0", "1"})) == "1"

    def word(self, name: str, default: str, allowed: frozenset[str]) -> str:
        """Give one of the allowed words; anything else, also nothing between the quotes, is a bad argument."""
        content = self.request.content(name)
        word = default if content is None else content.decode("latin-1")
        if word not in allowed:
            raise Refusal(Reason.ARGUMENT_INVALID, name)
        return word

    def quality(self) -> int:
        """Give the quality threshold, a whole number from 0 to 100."""
        content = self.request.content("face_quality_threshold")
        if content is None:
            content = DEFAULT_QUALITY
        if not QUALITY.fullmatch(content):
            raise Refusal(Reason.ARGUMENT_INVALID, "face_quality_threshold")
        return int(content)

    def references(self) -> tuple[Picture, ...]:
        """Give the reference pictures that were sent."""
        return tuple(Picture(REFERENCES[name], content) for name, content in self.files(*REFERENCES).items())

    def files(self, *names: str) -> dict[str, bytes]:
        """Give the files of these names that were sent; a file input left empty was not."""
        parts = ((name, self.request.part(name)) for name in names)
        return {name: part.content for name, part in parts if part and (part.content or part.filename)}
