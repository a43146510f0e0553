"""All judgements about one capture."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from ipse.core.genuineness import action, flash, injection, mask, printed, replaced, screen_replay, synthetic
from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.evidence import Evidence, Networks
from ipse.core.genuineness.judgement import (
    NAMES,
    Judgement,
    JudgementName,
    Judgements,
    OperatingPoint,
    not_assessed,
)
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.core.vocabulary import Profile, Stages

Judge: TypeAlias = Callable[[Evidence, OperatingPoint], Judgement]

JUDGES: Final[Mapping[JudgementName, Judge]] = MappingProxyType(
    {
        "screen_replay": screen_replay.judge,
        "print": printed.judge,
        "mask": mask.judge,
        "synthetic": synthetic.judge,
        "replaced": replaced.judge,
        "action": action.judge,
        "flash": flash.judge,
        "injection": injection.judge,
    }
)
"""Who judges what."""


class GenuinenessExaminer:
    """
    Looks at the pictures of a capture and judges them; safe to use from several threads, holds nothing of any capture.

    Args:
        looker: Finds the subject in a picture.
        networks: The networks of the judgements.
        points: From which score on each judgement suspects.
    """

    def __init__(self, looker: Looker, networks: Networks, points: Mapping[JudgementName, OperatingPoint]) -> None:
        self._looker = looker
        self._networks = networks
        self._points = points

    @property
    def points(self) -> Mapping[JudgementName, OperatingPoint]:
        """From which score on each judgement suspects, and which of them are not assessed at all."""
        return self._points

    @property
    def networks(self) -> Networks:
        """What the judgements compute with."""
        return self._networks

    @property
    def profile(self) -> Profile:
        """How the templates of the pictures that are compared are made."""
        return self._looker.profile

    def look(
        self, name: str, content: bytes, limits: Limits, stages: Stages, *, template: Profile | None = None
    ) -> Shot:
        """
        Give what one picture of a capture shows; see `Looker.look`.

        Raises:
            Refusal: The picture cannot be decoded or breaks a limit (`IMAGE_*`).
        """
        return self._looker.look(name, content, limits, stages, template)

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Give every judgement, in the order of `NAMES`; what cannot be assessed is there and says so."""
        evidence = Evidence(capture, self._networks)
        with stages.stage("genuineness"):
            return {name: self._judged(name, evidence) for name in NAMES}

    def _judged(self, name: JudgementName, evidence: Evidence) -> Judgement:
        """Give one judgement, unless the manifest says that it is worth nothing or nobody's face is there."""
        point = self._points[name]
        if not point.assessed:
            return not_assessed(name, point.why or "no_better_than_chance")
        if evidence.capture.best.face is None:
            return not_assessed(name, "no_face")
        return JUDGES[name](evidence, point)
