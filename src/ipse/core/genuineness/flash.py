"""
Judgement `flash`: the light of the screen is not on the face.

What is near the screen follows its colours, what is far does not: skin in the order that the server drew, and more than
what lies behind the head. A recording follows another order, a photo or screen that fills the picture follows as much
behind the face as on it, and a tint over the whole picture likewise. A mask follows as skin does: that is another
judgement's.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ipse.core.genuineness.capture import Colour, Lit
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed
from ipse.core.genuineness.reflection import Reflection, reflection

SCREEN: Final[Mapping[Colour, tuple[float, float, float]]] = MappingProxyType(
    {
        Colour.RED: (1.0, 0.0, 0.0),
        Colour.GREEN: (0.0, 1.0, 0.0),
        Colour.BLUE: (0.0, 0.0, 1.0),
        Colour.CYAN: (0.0, 1.0, 1.0),
        Colour.MAGENTA: (1.0, 0.0, 1.0),
        Colour.YELLOW: (1.0, 1.0, 0.0),
        Colour.WHITE: (1.0, 1.0, 1.0),
        Colour.BLACK: (0.0, 0.0, 0.0),
    }
)
"""The light of a screen that shows a colour, as red, green and blue."""

ENOUGH_FRAMES: Final = 5
"""How many frames must show a face: with fewer, another order fits by chance. Source: benchmarks/accuracy/flash.md."""

FLOOR: Final = 0.005
"""Changes below this share are a camera's noise and a head's sway. Source: benchmarks/accuracy/flash.md."""

NOTHING: Final = 0.03
"""Below which largest change nothing at all was reflected: a screen gives 0.08 and more (attacks/light.py, `ROOMS`)."""

UNEVEN: Final = 0.4
"""
What share of a change behind the face may come from a camera's curve and the noise of a file instead of the screen.

Source: likewise; a tint all over the picture changes bright skin and a dark wall by a share that differs so much.
"""

BRIGHTNESS: Final = 0.5
"""What a change of brightness weighs beside one of colour: a head that moves changes the one and not the other."""

HALFWAY: Final = 0.5
"""From which likeness on a wrong run is said to follow something."""

SLACK_MS: Final = 50.0
"""How late the clock may be read after a frame: three refreshes of a screen at 60 Hz."""

SOONEST_MS: Final = 30.0
"""No camera's frame shows light that a screen showed less than this before: a refresh and an exposure."""


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether the face does not reflect what the screen showed; the score falls from 1 as it follows it better."""
    lit = evidence.capture.lit
    if lit and not are_plausible(lit):
        return decided(point, 1.0, "timing")
    seen = [one for one in lit if one.shot.face is not None]
    found = _found(lit, seen)
    if isinstance(found, str):
        return not_assessed(point.name, found)
    shown = np.array([SCREEN[one.colour] for one in seen])
    score = float(np.clip(1.0 - likeness(found, shown), 0.0, 1.0))
    return decided(point, score, _cause(found, shown))


def _found(lit: Sequence[Lit], seen: Sequence[Lit]) -> Reflection | str:
    """Give how the light changed over the frames in which a face was seen, or why nothing can be said of it."""
    if not lit:
        return "no_flash_run"
    if len(seen) < ENOUGH_FRAMES:
        return "no_face_in_frames"
    if len({one.shot.pixels.shape for one in seen}) > 1:
        return "frames_differ"
    found = reflection([one.shot for one in seen])
    if found is None:
        return "no_background"
    return "too_bright" if found.is_clipped else found


def are_plausible(lit: Sequence[Lit]) -> bool:
    """Give whether each frame was taken while its colour was shown, by the client's own clock."""
    ends = [*(one.shown_ms for one in lit[1:]), float("inf")]
    in_order = all(one.shown_ms < other.shown_ms for one, other in pairwise(lit))
    within = (one.shown_ms + SOONEST_MS <= one.taken_ms <= end + SLACK_MS for one, end in zip(lit, ends, strict=True))
    return in_order and all(within)


def likeness(found: Reflection, shown: NDArray[np.float64]) -> float:
    """
    Give how far the light on a face follows the screen: 1 wholly, 0 not at all, below it goes the other way.

    It is a correlation over frames and channels of what the face does more than what lies behind it. Changes count for
    nothing that are as small as noise, or as small as the change behind the face.

    Shape: shown (F, 3) light.
    """
    said, expected = _weighed(found.face - found.behind), _weighed(shown)
    power = float((expected * expected).sum())
    if power == 0:
        return 0.0
    behind = max(float((_weighed(found.behind) * expected).sum()) / power, 0.0)
    noise = FLOOR**2 * said.size + (UNEVEN * behind) ** 2 * power
    return float((said * expected).sum() / np.sqrt((float((said * said).sum()) + noise) * power))


def _weighed(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Give changes of colour beside changes of brightness, around their means, with their weights.

    Shape: (F, 3) -> (F, 4).
    """
    around = light - light.mean(axis=0)
    brightness = around.mean(axis=1, keepdims=True)
    return np.concatenate((around - brightness, BRIGHTNESS * np.sqrt(3) * brightness), axis=1)


def _cause(found: Reflection, shown: NDArray[np.float64]) -> str:
    """Give what most likely is the matter with a run that does not follow: a stable word."""
    late = Reflection(found.face[1:], found.behind[1:], found.is_clipped)
    if likeness(late, shown[:-1]) > HALFWAY:
        return "delayed"
    if _correlation(found.behind, shown) > HALFWAY:
        return "uniform"
    if float(np.abs(found.face - found.behind).max()) < NOTHING:
        return "no_reflection"
    return "other_colours"


def _correlation(changes: NDArray[np.float64], shown: NDArray[np.float64]) -> float:
    """
    Give how far changes of light, however small, follow the screen.

    Shape: (F, 3), (F, 3).
    """
    said, expected = _weighed(changes), _weighed(shown)
    return float((said * expected).sum() / np.sqrt((said * said).sum() * (expected * expected).sum() + 1e-12))
