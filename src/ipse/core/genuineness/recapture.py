"""Whether a thing that shows a face is held before the camera: what speaks for it, and whether it shines or is ink."""

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np

from ipse.core.genuineness import frame, presentation, raster
from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.raster import UNSEEN, Raster
from ipse.core.genuineness.surround import LEAST, shown, without_bars
from ipse.core.vocabulary import Box, Network, Pixels

Thing: TypeAlias = Literal["screen", "print"]

DOUBT_WITHIN: Final = (-3.0, 8.0)
"""
Log odds beyond which the network tells nothing more.

Source: ours: it is as sure of screens that fill the picture as of people, so it is not to outweigh a frame by that.
"""

FRAMED_FROM: Final = 0.2
"""Frame from which it speaks for something held. Source: the least of three values that were tried."""

RASTER_FROM: Final = 0.85
"""Repetition of brightness from which it speaks. Source: 95th of a hundred of the people below."""

COLOUR_FROM: Final = 0.9
"""Repetition of colour from which it speaks. Source: 96th of a hundred of the people below."""

WEIGHTS: Final = (0.57, 12.0, 6.3, 0.5)
"""
What the network's log odds, frame, and repetition of brightness and colour weigh in natural logarithms.

Source: logistic regression, `benchmarks/accuracy/presentation.py --fit`: every third person of the first half of
`../shared/data/faces`, and 100 people of it on screens and prints of the recipes `KNOWN` in `attacks`; rounded. They
are of an earlier run: the last one gave 0.62, 11.98, 6.33 and 0.41. The report is about the numbers that stand here.
"""

BIAS: Final = -2.1
"""What the sum begins with: at score 0.5 one in a hundred of those people is suspected. Source: the same
earlier run; the last one gave -1.64, which suspects more."""

PLAIN: Final = 1.0
"""
Repetition from which its direction can be trusted.

Source: the same: fewer than 1 % of the people reach it; chosen with two tablets in view that reach 1.04 and 1.05.
"""

LEVEL_DEG: Final = 10.0
"""
Slant up to which waves come from a screen, whose raster is level; a printer's dots are turned against each other.

Source: `benchmarks/accuracy/presentation.md`: nearly all laser prints and magazines are told as prints by it, three of
four laptops and nearly all television sets as screens.
"""

TOLD_APART: Final = 2.0
"""How far below even the log odds of the other thing stay when the direction tells which it is. Source: ours."""


@dataclass(frozen=True, slots=True)
class Traces:
    """
    What one picture shows of something held before the camera.

    Attributes:
        doubt: The network's log odds against a live face.
        frame: How much of the weakest of four sides is a straight edge.
        raster: What repeats itself in the face.
    """

    doubt: float
    frame: float
    raster: Raster

    @property
    def values(self) -> tuple[float, float, float, float]:
        """What is weighed by `WEIGHTS`."""
        return (
            float(np.clip(self.doubt, *DOUBT_WITHIN)),
            max(self.frame - FRAMED_FROM, 0.0),
            max(self.raster.luma - RASTER_FROM, 0.0),
            max(self.raster.colour - COLOUR_FROM, 0.0),
        )

    @property
    def parts(self) -> dict[str, float]:
        """What each trace adds to the log odds, by the word that is told for it."""
        network, framed, luma, colour = (weight * value for weight, value in zip(WEIGHTS, self.values, strict=True))
        return {"network": network, "frame_around_face": framed, "raster": luma + colour}

    @property
    def told(self) -> Thing | None:
        """Which of the two it is, if the raster tells."""
        if self.raster.luma < PLAIN:
            return None
        return "screen" if self.raster.slant_deg <= LEVEL_DEG else "print"

    def log_odds(self, thing: Thing) -> float:
        """Give how much speaks for this thing, in natural logarithms."""
        odds = BIAS + sum(self.parts.values())
        return odds if self.told in (thing, None) else min(odds, 0.0) - TOLD_APART

    def score(self, thing: Thing) -> float:
        """Give the same between 0 and 1."""
        return float(1 / (1 + np.exp(-self.log_odds(thing))))

    @property
    def why(self) -> str:
        """What speaks most for a suspicion: a stable word."""
        parts = self.parts
        return max(parts, key=parts.__getitem__)


def look(capture: Capture, network: Network | None) -> tuple[Traces, ...] | str:
    """Give the traces in the pictures that show enough: the best one and the wider one; or why there are none."""
    if network is None:
        return "weights_missing"
    best = [] if capture.best.face is None else [_view(capture.best)]
    wider = [] if capture.env is None or capture.env.face is None else [_view(capture.env)]
    found = [traces(*view, network) for view in best if shown(*view) >= LEAST]
    found += [traces_around(*view, network) for view in wider if shown(*view) >= LEAST]
    return tuple(found) if found else "surround_too_small"


def traces(pixels: Pixels, box: Box, network: Network) -> Traces:
    """Give what one picture without bars shows."""
    return Traces(presentation.doubt(pixels, box, network), frame.measure(pixels, box), raster.measure(pixels, box))


def traces_around(pixels: Pixels, box: Box, network: Network) -> Traces:
    """Give what the surroundings show: the network's doubt and a frame. A raster is finest in the best picture."""
    return Traces(presentation.doubt(pixels, box, network), frame.measure(pixels, box), UNSEEN)


def _view(shot: Shot) -> tuple[Pixels, Box]:
    """Give a shot's picture without bars, and its subject's box in it."""
    if shot.face is None:
        raise ValueError("nobody's face is in the shot")
    return without_bars(shot.pixels, shot.face.box)
