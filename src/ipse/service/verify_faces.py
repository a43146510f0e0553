"""
VerifyFaces: is the face of the probe the face of each reference?

Every picture is examined in one piece of work, all of them side by side, and its pixels are gone when that piece ends.
What is refused, and in which order, is decided afterwards on the findings, so that the answer never depends on which
picture was done first.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Literal, Protocol, TypeAlias, TypeVar

from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Examination, FaceFinding, Wish
from ipse.core.genuineness.policy import Policy
from ipse.core.images import Limits, inspect
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Box, Template
from ipse.service.examiner import Examiner
from ipse.service.face_tokens import FaceTokens
from ipse.service.ports import Seat, Stopwatch
from ipse.service.registry import Known, Person, Registry
from ipse.service.vouched_probe import FlashResult, Genuineness, LivenessBundle, VouchedProbes

Result = TypeVar("Result")

PROBE = "probe"
"""What refusals call the probe."""

PERSON = "person"
"""What likenesses call the registered person."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as sent, and what refusals call it: `"probe"`, `"reference1"` and so on."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssuedFace:
    """A probe that stays behind a face token, and the key that would have to be its owner."""

    token: str = field(repr=False)
    owner: str


Probe: TypeAlias = Picture | IssuedFace | LivenessBundle | FlashResult


@dataclass(frozen=True, slots=True)
class VerifyFacesCommand:
    """
    What is asked.

    Attributes:
        probe: Whose face.
        references: Against which faces, in the order in which their refusals count.
        person: Also against this registered person.
        max_side_px: Longest side that a picture may have.
        one_face_in_references: Whether a second face in a reference is refused; else its largest face counts.
        one_face_in_probe: The same for the probe.
        quality_at_least: Least unified quality of the probe's largest face.
        want_faces: Whether the probe's faces are told, also with refusals about faces.
        search_orientation: Whether pictures without an upright face are turned.
        policy: What follows from which suspicion about a probe that something vouches for.
    """

    probe: Probe
    references: tuple[Picture, ...]
    person: Person | None = None
    max_side_px: int | None = None
    one_face_in_references: bool = True
    one_face_in_probe: bool = True
    quality_at_least: float = 0.0
    want_faces: bool = False
    search_orientation: bool = False
    policy: Policy = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class SeenFace:
    """A face of the probe: where (pixels of the upright picture), how good, and how turned if that was searched."""

    box: Box
    quality: float
    orientation_deg: int | None


@dataclass(frozen=True, slots=True)
class Findings:
    """The faces of the probe, largest first, and the size of the upright picture that they are in."""

    width_px: int
    height_px: int
    faces: tuple[SeenFace, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the probe and one reference are, and how often two strangers look at least that alike."""

    reference: str
    similarity: float
    false_match_rate: float


@dataclass(frozen=True, slots=True)
class PersonFound:
    """
    The registered person, if the command names one.

    Attributes:
        likeness: To the face on the registered photo.
        attacked: Whether somebody tried to pass as this person lately.
        monochrome: Whether the registered photo is grey.
    """

    likeness: Likeness
    attacked: bool
    monochrome: bool


@dataclass(frozen=True, slots=True)
class VerifyFacesOutcome:
    """
    What was found.

    Attributes:
        likenesses: One for each reference, in the command's order.
        lowest_rate: The false match rate of two equal templates, the end of every scale.
        findings: The probe's faces, if wanted.
        person: The registered person, if one was asked for.
        genuineness: What was judged of a probe that something vouches for.
    """

    likenesses: tuple[Likeness, ...]
    lowest_rate: float
    findings: Findings | None
    person: PersonFound | None = None
    genuineness: Genuineness | None = None


class Rates(Protocol):
    """Whoever knows what a similarity is worth (`ipse.core.scoring.calibration.Curve`)."""

    def false_match_rate(self, similarity: float) -> float:
        """Give how often two strangers look at least this alike, strictly decreasing."""
        ...


class VerifyFaces:
    """The use case; holds the engine's parts and nothing about any request."""

    def __init__(
        self,
        examiner: Examiner,
        rates: Rates,
        tokens: FaceTokens | None = None,
        limits: Limits | None = None,
        registry: Registry | None = None,
        vouched: VouchedProbes | None = None,
    ) -> None:
        self._examiner = examiner
        self._rates = rates
        self._tokens = tokens
        self._registry = registry
        self._probes = vouched
        self._limits = limits or Limits()

    async def __call__(self, command: VerifyFacesCommand, seat: Seat, stopwatch: Stopwatch) -> VerifyFacesOutcome:
        """
        Give the likeness of the probe to each reference.

        Raises:
            Refusal: In this order: the first picture that cannot be decoded (references, then probe); a probe that is
                no picture; the registry; the probe's face; the references' faces.
        """
        seen = await self._look(command, seat, stopwatch)
        if not isinstance(command.probe, LivenessBundle | FlashResult):
            return await self._compared(command, seen, None, seat, stopwatch)
        if self._probes is None:
            raise Refusal(Reason.NOT_OPEN)
        opened = self._probes.opened(command.probe, command.policy, command.max_side_px, seat, stopwatch)
        async with opened as genuineness:
            try:
                if genuineness.unheard is not None:
                    raise Refusal(genuineness.unheard)
                return await self._compared(command, seen, genuineness, seat, stopwatch)
            finally:
                await self._note(command.person, genuineness)

    async def _compared(
        self,
        command: VerifyFacesCommand,
        seen: Mapping[str, Examination],
        genuineness: Genuineness | None,
        seat: Seat,
        stopwatch: Stopwatch,
    ) -> VerifyFacesOutcome:
        """Give the likeness of the probe to everything that it is to be compared with."""
        issued = await self._issued(command.probe) if isinstance(command.probe, IssuedFace) else None
        searched = command.search_orientation
        findings = findings_of(seen[PROBE], search_orientation=searched) if command.want_faces else None
        known = None if command.person is None else await self._known(command.person, findings, seat, stopwatch)
        vouched = None if genuineness is None else genuineness.template()
        probe = issued or vouched or _judged_probe(seen[PROBE], command, findings)
        templates = [
            _judged_reference(seen[picture.name], picture, command, findings) for picture in command.references
        ]
        named = zip(command.references, templates, strict=True)
        return VerifyFacesOutcome(
            likenesses=tuple(self._likeness(picture.name, probe, template) for picture, template in named),
            lowest_rate=self._rates.false_match_rate(1.0),
            findings=findings,
            person=None if known is None else self._person_found(probe, known),
            genuineness=genuineness,
        )

    async def _note(self, person: Person | None, genuineness: Genuineness) -> None:
        """Remember that somebody tried to pass as a person."""
        if person is not None and self._registry is not None and genuineness.verdict == "failed":
            await self._registry.note(person)

    async def _look(self, command: VerifyFacesCommand, seat: Seat, stopwatch: Stopwatch) -> dict[str, Examination]:
        """
        Give what every picture shows, by its name.

        All headers are read before any picture is expanded. When one is refused, only those before it are looked at:
        one of them may be damaged behind a good header, and then it is the first.
        """
        pictures = (*command.references, *((command.probe,) if isinstance(command.probe, Picture) else ()))
        limits = replace(self._limits, max_side_px=command.max_side_px or self._limits.max_side_px)
        good, refusal = await seat.run(lambda: sound(pictures, limits))

        def examine(picture: Picture) -> Callable[[], Examination | Refusal]:
            work = partial(self._examiner.examine, picture.content, _wish(command, picture), limits, stopwatch)
            return partial(kept, work, picture)

        found = await asyncio.gather(*(seat.run(examine(picture)) for picture in good))
        seen = {picture.name: or_raise(each) for picture, each in zip(good, found, strict=True)}
        if refusal is not None:
            raise refusal
        return seen

    async def _issued(self, probe: IssuedFace) -> Template:
        """Give the template behind a face token."""
        if self._tokens is None:
            raise Refusal(Reason.FACE_TOKEN_UNKNOWN, probe.token)
        return await self._tokens.recall(probe.owner, probe.token)

    async def _known(self, person: Person, findings: Findings | None, seat: Seat, stopwatch: Stopwatch) -> Known:
        """Give the registered person; the probe's faces are told with every refusal about a face, also this one."""
        if self._registry is None:
            raise Refusal(Reason.DATA_SOURCE_FAILED)
        try:
            return await self._registry.find(person, seat, stopwatch)
        except Refusal as refusal:
            if refusal.reason is not Reason.PERSON_PHOTO_FACELESS:
                raise
            raise Refusal(refusal.reason, findings=findings) from None

    def _person_found(self, probe: Template, known: Known) -> PersonFound:
        """Give the likeness of the probe to the registered person."""
        return PersonFound(self._likeness(PERSON, probe, known.template), known.attacked, known.monochrome)

    def _likeness(self, name: str, probe: Template, reference: Template) -> Likeness:
        """Give the likeness of two templates."""
        alike = similarity(probe, reference)
        return Likeness(name, alike, self._rates.false_match_rate(alike))


def kept(work: Callable[[], Result], picture: Picture) -> Result | Refusal:
    """Give what the work gives, or its refusal as a value that names the picture."""
    try:
        return work()
    except Refusal as refusal:
        return Refusal(refusal.reason, picture.name)


def or_raise(found: Result | Refusal) -> Result:
    """Give what was found, unless it is a refusal."""
    if isinstance(found, Refusal):
        raise found
    return found


def sound(pictures: tuple[Picture, ...], limits: Limits) -> tuple[tuple[Picture, ...], Refusal | None]:
    """Give the pictures before the first whose header is refused, and that refusal."""
    for index, picture in enumerate(pictures):
        header = kept(partial(inspect, picture.content, limits), picture)
        if isinstance(header, Refusal):
            return pictures[:index], header
    return pictures, None


def _wish(command: VerifyFacesCommand, picture: Picture) -> Wish:
    """Give what must be known of a picture."""
    if picture is not command.probe:
        return Wish(search_orientation=command.search_orientation, quality="none")
    judged: Literal["all", "subject"] = "all" if command.want_faces else "subject"
    return Wish(search_orientation=command.search_orientation, quality=judged)


def findings_of(seen: Examination, *, search_orientation: bool) -> Findings:
    """Give the faces of a picture in which all were judged, largest first."""
    orientation_deg = seen.orientation_deg if search_orientation else None
    told = (SeenFace(each.face.box, _unified(each), orientation_deg) for each in largest_first(seen))
    return Findings(seen.width_px, seen.height_px, tuple(told))


def largest_first(seen: Examination) -> list[FaceFinding]:
    """Give the faces of a picture in the order in which they are told."""
    return sorted(seen.faces, key=lambda finding: -finding.face.box.area_px)


def _unified(finding: FaceFinding) -> float:
    """Give the quality of a judged face."""
    if finding.quality is None:
        raise ValueError("The face was not judged.")
    return finding.quality.unified


def _judged_probe(seen: Examination, command: VerifyFacesCommand, findings: Findings | None) -> Template:
    """Give the probe's template, if its face is there, alone and good enough."""
    if seen.template is None:
        raise Refusal(Reason.FACE_MISSING, PROBE, findings)
    if command.one_face_in_probe and len(seen.faces) > 1:
        raise Refusal(Reason.FACES_MANY, PROBE, findings)
    if seen.quality is not None and seen.quality.unified < command.quality_at_least:
        raise Refusal(Reason.QUALITY_LOW, PROBE, findings)
    return seen.template


def _judged_reference(
    seen: Examination, picture: Picture, command: VerifyFacesCommand, findings: Findings | None
) -> Template:
    """Give a reference's template, if its face is there and alone."""
    if seen.template is None:
        raise Refusal(Reason.FACE_MISSING, picture.name, findings)
    if command.one_face_in_references and len(seen.faces) > 1:
        raise Refusal(Reason.FACES_MANY, picture.name, findings)
    return seen.template
