"""Whoever judges whether a capture is genuine: the seam between the use cases and `ipse.core.genuineness.examine`."""

from collections.abc import Mapping
from typing import Protocol

from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.judgement import JudgementName, Judgements, OperatingPoint
from ipse.core.images import Limits
from ipse.core.vocabulary import Profile, Stages


class Judges(Protocol):
    """Whoever judges captures (`GenuinenessExaminer`); holds nothing about any. Safe to use from several threads."""

    @property
    def points(self) -> Mapping[JudgementName, OperatingPoint]:
        """From which score on each judgement suspects, and which of them are not assessed at all."""
        ...

    @property
    def profile(self) -> Profile:
        """How the templates of the pictures that are compared are made."""
        ...

    def look(
        self, name: str, content: bytes, limits: Limits, stages: Stages, *, template: Profile | None = None
    ) -> Shot:
        """
        Give what one picture of a capture shows; no face is a finding.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        ...

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Give every judgement; what cannot be assessed is there and says so."""
        ...
