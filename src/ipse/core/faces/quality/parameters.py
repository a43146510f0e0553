"""
The fitted numbers of all measures. Generated: change `benchmarks/accuracy/quality_fit.py` and run it again.

Source: 769 people of `data/faces` (Labeled Faces in the Wild: press photographs, mostly Western),
1548 clean pictures and 4644 damaged ones, 9343 genuine comparisons at similarity
0.3695 (FMR 1e-3). Where a damage is named, a sigmoid is 100 x the probability that a face
with this raw value, damaged in this way, still matches a clean picture of the same person at FMR 1e-5.
"""

from collections.abc import Mapping
from typing import Final

from ipse.core.faces.quality.scale import Sigmoid
from ipse.core.faces.quality.weights import Cues, Weights

INTER_EYE_DISTANCE: Final = Sigmoid(x0=7.158, w=1.685)
"""Pixels. Fitted on pictures shrunk and left small."""

SHARPNESS: Final = Sigmoid(x0=-8.495, w=2.171)
"""Decibels. Fitted on blurred pictures."""

COMPRESSION: Final = Sigmoid(x0=3.194, w=-0.568)
"""Ratio. Fitted on JPEGs of quality 2 to 20."""

ILLUMINATION_UNIFORMITY: Final = Sigmoid(x0=0.2319, w=0.1539)
"""Share. Clean pictures: their median scores 90, one in twenty less than 30.1."""

LUMINANCE_MEAN_DARK: Final = Sigmoid(x0=0.3366, w=0.05775)
"""Share of full brightness. Clean pictures: one in 200 is so dark that it scores 30.1."""

LUMINANCE_MEAN_BRIGHT: Final = Sigmoid(x0=0.6739, w=-0.05789)
"""Share of full brightness. Clean pictures: one in 200 is so bright that it scores 30.1."""

LUMINANCE_VARIANCE: Final = Sigmoid(x0=0.01188, w=0.005866)
"""Full brightness squared. Clean pictures: their median scores 90, one in 200 less than 30.1."""

UNDER_EXPOSURE: Final = Sigmoid(x0=0.1544, w=-0.06596)
"""Share of the face. Clean pictures: their median scores 90, one in 200 less than 30.1."""

OVER_EXPOSURE: Final = Sigmoid(x0=0.05139, w=-0.02339)
"""Share of the face. Clean pictures: their median scores 90, one in 200 less than 30.1."""

DYNAMIC_RANGE: Final = Sigmoid(x0=6.486, w=0.2967)
"""Bits. Clean pictures: their median scores 90, one in 200 less than 30.1."""

POSE_YAW: Final = Sigmoid(x0=45.0, w=-14.32)
"""Degrees. Middle and steepness are those of 100 cos^2 (ISO/IEC 29794-5, OFIQ)."""

POSE_PITCH: Final = Sigmoid(x0=45.0, w=-14.32)
"""Degrees. Middle and steepness are those of 100 cos^2 (ISO/IEC 29794-5, OFIQ)."""

POSE_ROLL: Final = Sigmoid(x0=45.0, w=-14.32)
"""Degrees. Middle and steepness are those of 100 cos^2 (ISO/IEC 29794-5, OFIQ)."""

EYES_VISIBLE: Final = Sigmoid(x0=0.0, w=1.0)
"""Logarithm of odds; so this is the probability itself, at even odds beforehand."""

MOUTH_VISIBLE: Final = Sigmoid(x0=0.0, w=1.0)
"""Logarithm of odds; so this is the probability itself, at even odds beforehand."""

FACE_VISIBLE: Final = Sigmoid(x0=0.6506, w=0.2633)
"""Share of the face. Fitted on covered pictures."""

EYE_SPAN: Final = 0.9662
"""Distance between the eyes of a frontal face, in units of the distance from eyes to mouth."""

NOSE_DEPTH: Final = 0.4713
"""How far the tip of the nose stands before the eyes, in the same unit."""

NOSE_HEIGHT: Final = 0.5606
"""How far the tip of the nose lies below the eyes of a level face, in the same unit."""

VISIBILITY: Final[Mapping[str, Cues]] = {
    "left_eye": Cues(bias=0.899, texture=1.815, colour=-0.2306, likeness=4.491),
    "right_eye": Cues(bias=0.8287, texture=1.581, colour=-0.2233, likeness=3.528),
    "nose": Cues(bias=1.352, texture=1.242, colour=-0.3122, likeness=4.264),
    "mouth": Cues(bias=1.597, texture=2.299, colour=-0.2252, likeness=3.536),
}
"""Weights of the cues to each part of the face being seen. Fitted on covered pictures against all others."""

UNIFIED_EMBEDDED: Final = Weights(
    bias=-9.59,
    confidence=1.119,
    sharpness=0.1902,
    size=0.1895,
    compression=0.0,
    dynamic_range=0.0,
    norm=0.9315,
    scale=Sigmoid(x0=2.778, w=1.008),
)
"""The unified model for a face that was embedded. Fitted on all pictures."""

UNIFIED_BARE: Final = Weights(
    bias=-6.59,
    confidence=2.885,
    sharpness=0.3504,
    size=0.4504,
    compression=-1.435,
    dynamic_range=0.3954,
    norm=0.0,
    scale=Sigmoid(x0=3.048, w=0.4677),
)
"""The unified model for a face that was not. Fitted on all pictures."""
