"""A capture as the judgements see it: its pictures decoded, their subject found, and what was asked of the subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum, unique
from types import MappingProxyType

from ipse.core.vocabulary import Face, Pixels, Template


@unique
class Action(StrEnum):
    """What a subject can be asked to do; left and right are the subject's own."""

    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    NOD = "nod"
    BLINK = "blink"
    OPEN_MOUTH = "open_mouth"


@unique
class Colour(StrEnum):
    """What a screen can be lit with in a flash run: the corners of the RGB cube that differ in hue, and two greys."""

    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    CYAN = "cyan"
    MAGENTA = "magenta"
    YELLOW = "yellow"
    WHITE = "white"
    BLACK = "black"


@dataclass(frozen=True, slots=True)
class Shot:
    """
    One picture of a capture.

    Attributes:
        name: As it was sent: `"image_best"`, `"image_env"`, `"image_action1"`, `"flash1"`, …
        content: The bytes as sent.
        pixels: (H, W, 3) uint8 RGB, upright, perhaps reduced by the decoder.
        width_px: Upright width of the picture as sent.
        height_px: Likewise.
        digest: Hex SHA-256 of the bytes.
        faces: All faces in `pixels`, best score first.
        face: The subject among them (the largest), its landmarks refined; `None` without a face.
        aligned: (112, 112, 3) uint8 RGB, the subject as the embedding network sees it; `None` without a face.
        template: The subject's, if it was wished.
    """

    name: str
    content: bytes = field(repr=False)
    pixels: Pixels = field(repr=False)
    width_px: int
    height_px: int
    digest: str
    faces: tuple[Face, ...] = ()
    face: Face | None = None
    aligned: Pixels | None = field(default=None, repr=False)
    template: Template | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Acted:
    """A frame in which the subject should be doing what was asked."""

    action: Action
    shot: Shot


@dataclass(frozen=True, slots=True)
class Lit:
    """
    A frame that was taken while the screen showed a colour.

    Attributes:
        colour: The colour that the server asked for at this place of the sequence.
        shot: The frame.
        shown_ms: When the screen showed it, on the client's monotonic clock, as the client says.
        taken_ms: When the frame was taken, likewise.
    """

    colour: Colour
    shot: Shot
    shown_ms: float
    taken_ms: float


@dataclass(frozen=True, slots=True)
class Capture:
    """
    Everything that was captured of one subject at one time.

    Attributes:
        best: The picture that is compared.
        env: The surroundings, seen wider, if sent.
        acted: Frames of actions, in the order asked.
        lit: Frames of a flash run, in the order of the sequence.
        further: Frames of actions that nobody asked for.
        log: What the client says of itself (camera label, frame times, …): never trusted, only held against it.
    """

    best: Shot
    env: Shot | None = None
    acted: tuple[Acted, ...] = ()
    lit: tuple[Lit, ...] = ()
    further: tuple[Shot, ...] = ()
    log: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    @property
    def shots(self) -> tuple[Shot, ...]:
        """Every picture, the best one first."""
        env = () if self.env is None else (self.env,)
        asked = (*(one.shot for one in self.acted), *(one.shot for one in self.lit))
        return (self.best, *env, *asked, *self.further)
