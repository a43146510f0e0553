"""Provisional; `benchmarks/accuracy/quality_fit.py` writes it."""

from typing import Final

from ipse.core.faces.quality.scale import Sigmoid
from ipse.core.faces.quality.weights import Cues, Weights

INTER_EYE_DISTANCE: Final = Sigmoid(x0=14.0, w=4.0)
SHARPNESS: Final = Sigmoid(x0=-14.0, w=2.0)
COMPRESSION: Final = Sigmoid(x0=3.0, w=-0.5)
ILLUMINATION_UNIFORMITY: Final = Sigmoid(x0=0.3, w=0.1)
LUMINANCE_MEAN_DARK: Final = Sigmoid(x0=0.1, w=0.02)
LUMINANCE_MEAN_BRIGHT: Final = Sigmoid(x0=0.9, w=-0.02)
LUMINANCE_VARIANCE: Final = Sigmoid(x0=0.01, w=0.003)
UNDER_EXPOSURE: Final = Sigmoid(x0=0.5, w=-0.1)
OVER_EXPOSURE: Final = Sigmoid(x0=0.3, w=-0.1)
DYNAMIC_RANGE: Final = Sigmoid(x0=5.0, w=0.5)
POSE_YAW: Final = Sigmoid(x0=40.0, w=-6.0)
POSE_PITCH: Final = Sigmoid(x0=25.0, w=-4.0)
POSE_ROLL: Final = Sigmoid(x0=30.0, w=-5.0)
EYES_VISIBLE: Final = Sigmoid(x0=0.0, w=1.0)
MOUTH_VISIBLE: Final = Sigmoid(x0=0.0, w=1.0)
FACE_VISIBLE: Final = Sigmoid(x0=0.6, w=0.1)
EYE_SPAN: Final = 0.994
NOSE_DEPTH: Final = 0.495
NOSE_HEIGHT: Final = 0.571
VISIBILITY: Final = {
    "left_eye": Cues(-0.2, 4.4, -0.23, 6.7),
    "right_eye": Cues(-0.4, 4.2, -0.2, 6.5),
    "nose": Cues(0.8, 2.5, -0.28, 7.0),
    "mouth": Cues(1.1, 3.2, -0.19, 3.7),
}
UNIFIED_EMBEDDED: Final = Weights(-9.0, 1.0, 0.1, 0.0, 0.8, Sigmoid(x0=1.0, w=1.0))
UNIFIED_BARE: Final = Weights(-4.0, 2.0, 0.1, 0.3, 0.0, Sigmoid(x0=1.0, w=1.0))
