"""
JudgePicture: does this picture show somebody who is really there?

The picture and its surroundings, if sent, are looked at side by side; they are judged together afterwards.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Final, NoReturn

from ipse.core.faces.quality import assess
from ipse.core.faces.quality.evidence import Evidence
from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.judgement import Judgements, Status, is_genuine
from ipse.core.genuineness.policy import Policy, Verdict, verdict
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Quality
from ipse.service.judges import Judges
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Picture, kept, or_raise

NO_POLICY: Final[Policy] = MappingProxyType({})
"""Every judgement with its default consequence."""


@dataclass(frozen=True, slots=True)
class JudgePictureCommand:
    """
    What is asked.

    Attributes:
        picture: Whose face.
        env: The same scene seen wider, if it was sent.
        policy: What follows from which suspicion.
    """

    picture: Picture
    env: Picture | None = None
    policy: Policy = field(default_factory=lambda: NO_POLICY)


@dataclass(frozen=True, slots=True)
class JudgePictureOutcome:
    """
    What was found.

    Attributes:
        judgements: Every judgement by its name.
        policy: What follows from which suspicion.
        quality: That of the face; `None` without one.
        digests: Hex SHA-256 of the pictures as sent, by their names.
    """

    judgements: Judgements
    policy: Policy
    quality: Quality | None = field(repr=False)
    digests: Mapping[str, str]

    @property
    def genuine(self) -> bool | None:
        """`False` if anything is suspected, `None` if nothing could be assessed."""
        return is_genuine(self.judgements)

    @property
    def verdict(self) -> Verdict | None:
        """What follows from it under the policy; `None` if nothing could be assessed."""
        return None if self.genuine is None else verdict(self.judgements, self.policy)

    @property
    def not_assessed(self) -> tuple[str, ...]:
        """The judgements that say nothing."""
        return unassessed(self.judgements)


class JudgePicture:
    """
    The use case; holds nothing about any request.

    Args:
        judges: Who judges.
        quality: Gives the quality of a shot's face.
        limits: What a picture may cost.
    """

    def __init__(
        self, judges: Judges, quality: Callable[[Shot], Quality | None] | None = None, limits: Limits | None = None
    ) -> None:
        self._judges = judges
        self._quality = quality or quality_of
        self._limits = limits or Limits()

    async def __call__(self, command: JudgePictureCommand, seat: Seat, stages: Stopwatch) -> JudgePictureOutcome:
        """
        Give every judgement. No face is a finding: nothing is assessed then.

        Raises:
            Refusal: A picture cannot be decoded or breaks a limit (`IMAGE_*`); its field names the picture.
        """
        sent = (command.picture,) if command.env is None else (command.picture, command.env)
        looks = [seat.run(partial(self._look, picture, stages)) for picture in sent]
        best, *env = [or_raise(found) for found in await asyncio.gather(*looks)]
        capture = Capture(best, env[0] if env else None)
        judgements, quality = await seat.run(partial(self._judged, capture, stages))
        digests = {picture.name: shot.digest for picture, shot in zip(sent, (best, *env), strict=True)}
        return JudgePictureOutcome(judgements, command.policy, quality, digests)

    def _look(self, picture: Picture, stages: Stopwatch) -> Shot | Refusal:
        """Give what one picture shows, or why it cannot be looked at."""
        return kept(partial(self._judges.look, picture.name, picture.content, self._limits, stages), picture)

    def _judged(self, capture: Capture, stages: Stopwatch) -> tuple[Judgements, Quality | None]:
        """Give every judgement, and the quality of the face."""
        judgements = self._judges.judge(capture, stages)
        with stages.stage("quality"):
            return judgements, self._quality(capture.best)


def quality_of(shot: Shot) -> Quality | None:
    """Give the quality of a shot's face; `None` without one."""
    if shot.face is None or shot.aligned is None:
        return None
    return assess(Evidence(shot.pixels, shot.face, shot.aligned, None))


def unassessed(judgements: Judgements) -> tuple[str, ...]:
    """Give the names of the judgements that say nothing."""
    return tuple(name for name, one in judgements.items() if one.status is Status.NOT_ASSESSED)


async def judge_nothing(command: JudgePictureCommand, seat: Seat, stages: Stopwatch) -> NoReturn:
    """Refuse to judge where nobody does: what `JudgePicture` is where the setting `liveness` is off."""
    del command, seat, stages
    raise Refusal(Reason.NOT_OPEN)
