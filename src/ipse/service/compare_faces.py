"""CompareFaces: one probe with references, or many pairs at once, and all that was seen on the way."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from ipse.core.faces.examine import Examination, Wish
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.scoring.verdict import DEFAULT_FMR
from ipse.core.vocabulary import Subject, Template
from ipse.service.examiner import Examiner
from ipse.service.ports import Seat, Stopwatch
from ipse.service.verify_faces import Picture
from ipse.service.yardstick import Measured, Yardstick

SIDE_BY_SIDE: Final = 2
"""
How many pictures of one batch are looked at at once.

Source: ours: a batch of 100 pictures takes seconds, and whoever calls with two pictures must not wait behind all of
them; with two, a call's picture waits for at most two of a batch's per thread.
"""


@dataclass(frozen=True, slots=True)
class Judging:
    """
    How pictures are looked at and likenesses judged.

    Attributes:
        at_most: The false match rate up to which two faces are taken for one person.
        subject: Which of several faces is meant.
        search_orientation: Whether pictures without an upright face are turned.
        one_face: Whether a second face is refused.
        quality_at_least: Least unified quality of a subject.
    """

    at_most: float = DEFAULT_FMR
    subject: Subject = Subject.LARGEST
    search_orientation: bool = False
    one_face: bool = False
    quality_at_least: float = 0.0

    def wish(self) -> Wish:
        """Give what must be known of each picture."""
        return Wish(subject=self.subject, search_orientation=self.search_orientation)


@dataclass(frozen=True, slots=True)
class CompareFacesCommand:
    """One probe, one reference or more, and how to judge; the pictures' names are what refusals call them."""

    probe: Picture
    references: tuple[Picture, ...]
    judging: Judging = field(default_factory=Judging)


@dataclass(frozen=True, slots=True)
class Judged:
    """A comparison, and whether it is one person at the rate that was asked."""

    reference: str
    measured: Measured
    same_person: bool


@dataclass(frozen=True, slots=True)
class CompareFacesOutcome:
    """What was found: a judgement for each reference in the command's order, and every picture by its name."""

    judging: Judging
    judged: tuple[Judged, ...]
    seen: Mapping[str, Examination]


class CompareFaces:
    """The use case; holds the engine's parts and nothing about any request."""

    def __init__(self, examiner: Examiner, yardstick: Yardstick, limits: Limits | None = None) -> None:
        self._examiner = examiner
        self._yardstick = yardstick
        self._limits = limits or Limits()

    async def __call__(self, command: CompareFacesCommand, seat: Seat, stopwatch: Stopwatch) -> CompareFacesOutcome:
        """
        Give the likeness of the probe to each reference.

        Raises:
            Refusal: Of the first picture, probe before references, that cannot be decoded; else of the first that
                shows no face, too many, or one that is not good enough.
        """
        pictures = (command.probe, *command.references)
        looks = [partial(look, self._examiner, each, command.judging, self._limits, stopwatch) for each in pictures]
        found = await asyncio.gather(*(seat.run(one) for one in looks))
        seen = {each.name: _or_raise(one) for each, one in zip(pictures, found, strict=True)}
        templates = {name: usable(each, name, command.judging) for name, each in seen.items()}
        probe = templates[command.probe.name]
        return CompareFacesOutcome(
            command.judging,
            tuple(self._judge(probe, each.name, templates, command.judging.at_most) for each in command.references),
            seen,
        )

    def _judge(self, probe: Template, name: str, templates: Mapping[str, Template], at_most: float) -> Judged:
        """Give the judgement on one reference."""
        measured = self._yardstick.compare(probe, templates[name])
        return Judged(name, measured, measured.is_one_person(at_most))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pictures of a batch by their names, and the caller's word for the pair."""

    id: str
    probe: str
    reference: str


@dataclass(frozen=True, slots=True)
class CompareBatchCommand:
    """Pictures by their names, the pairs to compare, and how to judge."""

    pictures: Mapping[str, Picture]
    pairs: tuple[Pair, ...]
    judging: Judging = field(default_factory=Judging)


@dataclass(frozen=True, slots=True)
class CompareBatchOutcome:
    """What was found: for each pair a judgement or why there is none, and every picture that could be looked at."""

    judging: Judging
    pairs: tuple[Pair, ...]
    results: tuple[Judged | Refusal, ...]
    seen: Mapping[str, Examination]

    @property
    def answered(self) -> int:
        """How many pairs were judged."""
        return sum(isinstance(result, Judged) for result in self.results)


class CompareBatch:
    """The use case; every picture is looked at once, however many pairs it is in."""

    def __init__(self, examiner: Examiner, yardstick: Yardstick, limits: Limits | None = None) -> None:
        self._examiner = examiner
        self._yardstick = yardstick
        self._limits = limits or Limits()

    async def __call__(self, command: CompareBatchCommand, seat: Seat, stopwatch: Stopwatch) -> CompareBatchOutcome:
        """Give each pair's judgement, or its refusal: no pair stands in another's way."""
        wanted = dict.fromkeys(name for pair in command.pairs for name in (pair.probe, pair.reference))
        pictures = [command.pictures[name] for name in wanted if name in command.pictures]
        room = asyncio.Semaphore(SIDE_BY_SIDE)

        async def looked(picture: Picture) -> Examination | Refusal:
            async with room:
                return await seat.run(partial(look, self._examiner, picture, command.judging, self._limits, stopwatch))

        found = await asyncio.gather(*map(looked, pictures))
        looks = dict(zip((each.name for each in pictures), found, strict=True))
        return CompareBatchOutcome(
            command.judging,
            command.pairs,
            tuple(self._result(pair, looks, command.judging) for pair in command.pairs),
            {name: one for name, one in looks.items() if isinstance(one, Examination)},
        )

    def _result(self, pair: Pair, looks: Mapping[str, Examination | Refusal], judging: Judging) -> Judged | Refusal:
        """Give what came of one pair."""
        try:
            probe, reference = (_of(looks, name, judging) for name in (pair.probe, pair.reference))
        except Refusal as refusal:
            return refusal
        measured = self._yardstick.compare(probe, reference)
        return Judged(pair.reference, measured, measured.is_one_person(judging.at_most))


def look(
    examiner: Examiner, picture: Picture, judging: Judging, limits: Limits, stopwatch: Stopwatch
) -> Examination | Refusal:
    """Give what a picture shows, or its refusal as a value that names the picture."""
    try:
        return examiner.examine(picture.content, judging.wish(), limits, stopwatch)
    except Refusal as refusal:
        return Refusal(refusal.reason, picture.name)


def usable(seen: Examination, name: str, judging: Judging) -> Template:
    """
    Give the template of a picture's subject.

    Raises:
        Refusal: `FACE_MISSING`, else `FACES_MANY`, else `QUALITY_LOW`, naming the picture.
    """
    if seen.template is None:
        raise Refusal(Reason.FACE_MISSING, name)
    if judging.one_face and len(seen.faces) > 1:
        raise Refusal(Reason.FACES_MANY, name)
    if seen.quality is not None and seen.quality.unified < judging.quality_at_least:
        raise Refusal(Reason.QUALITY_LOW, name)
    return seen.template


def _of(looks: Mapping[str, Examination | Refusal], name: str, judging: Judging) -> Template:
    """Give the template of a named picture of a batch."""
    if name not in looks:
        raise Refusal(Reason.ARGUMENT_INVALID, name)
    return usable(_or_raise(looks[name]), name, judging)


def _or_raise(found: Examination | Refusal) -> Examination:
    """Give what was found, unless it is a refusal."""
    if isinstance(found, Refusal):
        raise found
    return found
