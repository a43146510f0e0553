"""The Python API: pictures in, templates and honest comparisons out, on this machine."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeAlias

import cv2
import numpy as np

from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.explain import explained
from ipse.core.cards.reading import CardReading
from ipse.core.cards.sight import SideSight
from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import Examination, Wish
from ipse.core.faces.holding import Holding
from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.examine import GenuinenessExaminer
from ipse.core.images import Limits
from ipse.core.reasons import Reason, Refusal
from ipse.core.scoring.calibration import Curve
from ipse.core.vocabulary import Pixels, Subject, Template
from ipse.engine import Engine, can_read_cards, load_curve, open_cards, open_engine, open_genuineness
from ipse.infra.settings import read_settings
from ipse.service.judge_picture import NO_POLICY, JudgePictureOutcome, quality_of
from ipse.service.match_holder import MatchHolder, MatchHolderCommand, MatchHolderOutcome
from ipse.service.verify_faces import Picture as Sent

Picture: TypeAlias = str | Path | bytes | bytearray | memoryview | Pixels
"""A file's path, a file's bytes, or upright uint8 pixels: (H, W, 3) RGB, (H, W) or (H, W, 1) grey."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    How alike two faces are.

    Attributes:
        similarity: Cosine of the two templates, -1 to 1.
        false_match_rate: How often two strangers look at least that alike, by the curve in use.
        is_extrapolated: Whether that rate is rarer than the curve's data could show.
    """

    similarity: float
    false_match_rate: float
    is_extrapolated: bool


class Verifier:
    """
    Compares faces. Opening it takes about a second; then it may be used from several threads.

    Args:
        **settings: Any setting by its name (`profile="fast"`); they win over variables and the settings file.

    Raises:
        ipse.infra.trouble.SetupError: A setting is wrong, or a network was not fetched (`ipse models fetch`).
    """

    def __init__(self, **settings: object) -> None:
        self._settings = read_settings(**settings)
        self._engine = open_engine(self._settings)
        self._limits = Limits()

    def template(self, picture: Picture, subject: Literal["largest", "centre"] = "largest") -> Template:
        """
        The template of the face that is meant.

        Args:
            picture: What shows it.
            subject: Which of several faces.

        Raises:
            Refusal: The picture cannot be read (`IMAGE_*`) or shows no face (`FACE_MISSING`).
            OSError: The path cannot be read.
            TypeError: It is no path, no bytes and no uint8 array.
            ValueError: The array has another shape, or no pixels.
        """
        wish = Wish(subject=Subject(subject), quality="none")
        found = self._engine.examiner.examine(_content(picture), wish, self._limits, Untimed())
        if found.template is None:
            raise Refusal(Reason.FACE_MISSING)
        return found.template

    def examine(self, picture: Picture, wish: Wish) -> Examination:
        """
        All that is wished to be known about a picture: its faces, their quality, the subject's template.

        Raises:
            Refusal: The picture cannot be read (`IMAGE_*`). A picture without a face is a finding, not a refusal.
            OSError: The path cannot be read.
        """
        return self._engine.examiner.examine(_content(picture), wish, self._limits, Untimed())

    def compare(
        self, a: Picture | Template, b: Picture | Template, subject: Literal["largest", "centre"] = "largest"
    ) -> Comparison:
        """
        How alike the faces of two pictures are, or of templates made before.

        Args:
            a: A picture or a template.
            b: Another.
            subject: Which of several faces, in both pictures.

        Raises:
            Refusal: As `template`; `field` is `"a"` or `"b"`.
            ValueError: A template was made with other weights or another profile.
        """
        return self._judge(similarity(self._as_template(a, "a", subject), self._as_template(b, "b", subject)))

    def holder(self, photo: Picture, card: Picture | None = None) -> MatchHolderOutcome:
        """
        How alike a card's portrait and its holder are.

        Args:
            photo: Shows the holder; with the card held up if that is the only picture.
            card: Shows the card by itself.

        Raises:
            Refusal: A picture cannot be read (`IMAGE_*`), or no holder or no portrait was found; `field` is `"photo"`
                or `"card"`, and `findings` is what all pictures show.
            OSError: The path cannot be read.
        """
        named = {"photo": photo} if card is None else {"card": card, "photo": photo}
        seen = tuple(self._held(name, picture, both_here=card is None) for name, picture in named.items())
        pictures = tuple(Sent(name, b"") for name in named)
        matcher = MatchHolder(self._engine.holders, self.curve, self._limits)
        return matcher.match(MatchHolderCommand(pictures, "first_is_card", want_quality=True), seen)

    def document(
        self, front: Picture, back: Picture | None = None, *, said: Said | None = None, explain: Path | None = None
    ) -> CardReading:
        """
        What a card says, and what speaks against it.

        Args:
            front: A picture of its front.
            back: Of its back.
            said: What it is said to be; by default the card tells.
            explain: Where to write a PNG that shows what was found: corners, fields, checks that did not pass.

        Raises:
            Refusal: A picture cannot be read (`IMAGE_*`), `field` is `"front"` or `"back"`; or `NOT_OPEN`: the weights
                that read cards are not there.
            OSError: A path cannot be read or written.
        """
        if not can_read_cards(self._settings):
            raise Refusal(Reason.NOT_OPEN)
        said = said or Said()
        today = datetime.now(UTC).date()
        sights: dict[Side, SideSight] = {}
        for side, picture in ((Side.FRONT, front), (Side.BACK, back)):
            if picture is not None:
                sights[side] = self._side(picture, side, said, today)
        card = self._cards.judge(sights[Side.FRONT], sights.get(Side.BACK), said, today, Untimed())
        if explain is not None:
            explain.write_bytes(explained(sights, card))
        return card

    @cached_property
    def _cards(self) -> CardExaminer:
        """What reads cards, opened when the first one comes."""
        return open_cards(self._settings, self._engine)

    def _side(self, picture: Picture, side: Side, said: Said, today: date) -> SideSight:
        """One side as it was seen; a refusal says which."""
        try:
            return self._cards.look(_content(picture), side, said, today, self._limits, Untimed())
        except Refusal as refusal:
            raise Refusal(refusal.reason, side.value) from None

    def genuineness(self, picture: Picture, env: Picture | None = None) -> JudgePictureOutcome:
        """
        What speaks against somebody being there, attack by attack, and what follows from it by default.

        Args:
            picture: Whose face.
            env: The same scene seen wider.

        Raises:
            Refusal: A picture cannot be read (`IMAGE_*`), `field` is `"picture"` or `"env"`; or `NOT_OPEN`: the setting
                `liveness` is off. No face is a finding.
            OSError: A path cannot be read.
        """
        if self._settings.liveness == "off":
            raise Refusal(Reason.NOT_OPEN)
        best = self._shot("picture", picture)
        wider = None if env is None else self._shot("env", env)
        judgements = self._judges.judge(Capture(best, wider), Untimed())
        shots = (best,) if wider is None else (best, wider)
        return JudgePictureOutcome(judgements, NO_POLICY, quality_of(best), {shot.name: shot.digest for shot in shots})

    @cached_property
    def _judges(self) -> GenuinenessExaminer:
        """What judges captures, opened when the first one comes."""
        return open_genuineness(self._settings, self._engine).examiner

    def _shot(self, name: str, picture: Picture) -> Shot:
        """One picture of a capture; a refusal says which."""
        content = _content(picture)
        try:
            return self._judges.look(name, _file(content), self._limits, Untimed())
        except Refusal as refusal:
            raise Refusal(refusal.reason, name) from None

    def false_match_rate(self, similarity: float) -> float:
        """How often two strangers look at least that alike."""
        return self.curve.false_match_rate(similarity)

    @property
    def engine(self) -> Engine:
        """What computes: networks, runtime, threads."""
        return self._engine

    @cached_property
    def curve(self) -> Curve:
        """The curve of these weights, read when it is first asked for."""
        return load_curve(self._settings, self._engine.examiner.recipe)

    def _held(self, name: str, picture: Picture, *, both_here: bool) -> Holding:
        """Who holds what in a picture; a refusal says in which."""
        try:
            return self._engine.holders.examine(
                _content(picture), "any_face", self._limits, Untimed(), both_here=both_here, want_quality=True
            )
        except Refusal as refusal:
            raise Refusal(refusal.reason, name) from None

    def _judge(self, alike: float) -> Comparison:
        """A similarity with what it is worth."""
        rate = self.curve.false_match_rate(alike)
        return Comparison(alike, rate, self.curve.is_extrapolated(rate))

    def _as_template(self, face: Picture | Template, name: str, subject: Literal["largest", "centre"]) -> Template:
        """The template of either kind of argument; a refusal says which argument it concerns."""
        if isinstance(face, Template):
            return face
        try:
            return self.template(face, subject)
        except Refusal as refusal:
            raise Refusal(refusal.reason, name) from None


class Untimed:
    """Stages that nobody times."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Nothing, around the stage."""
        del name
        return nullcontext()


def _file(content: bytes | Pixels) -> bytes:
    """The file of a picture; pixels become a PNG, which loses nothing."""
    if isinstance(content, bytes):
        return content
    return cv2.imencode(".png", cv2.cvtColor(content, cv2.COLOR_RGB2BGR))[1].tobytes()


def _content(picture: Picture) -> bytes | Pixels:
    """
    A picture as the examiner takes it.

    Raises:
        TypeError: It is nothing that a picture can be.
        ValueError: It is an array without pixels or of another shape.
    """
    if isinstance(picture, str | Path):
        return Path(picture).read_bytes()
    if isinstance(picture, bytes | bytearray | memoryview):
        return bytes(picture)
    if not isinstance(picture, np.ndarray):
        raise TypeError(f"a picture is a path, the bytes of a file or a uint8 array, not {type(picture).__name__}")
    if picture.dtype != np.uint8:
        raise TypeError(f"pixels must be uint8, not {picture.dtype}")
    deep = picture.reshape(*picture.shape, 1) if picture.ndim == 2 else picture  # noqa: PLR2004  # H and W.
    if not picture.size or deep.ndim != 3 or deep.shape[2] not in {1, 3}:  # noqa: PLR2004  # H, W and channels.
        raise ValueError(f"pixels must be (H, W, 3) uint8 RGB, or (H, W) or (H, W, 1) grey, not {picture.shape}")
    return np.ascontiguousarray(np.broadcast_to(deep, (*deep.shape[:2], 3)))
