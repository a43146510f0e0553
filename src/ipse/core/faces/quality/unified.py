"""
The unified score: how likely a face is to be recognised, 0 to 100 on the scale of Megvii (suggested threshold 30.1).

Two logistic models, no more: one for faces that were embedded, one for those that were not. The length of the embedding
before it is normalised tells most (MagFace, arXiv:2103.06627, trains for it; SFace shows it untrained); the detector's
confidence, sharpness and size add what they can. Tried beside them, and worth nothing: the agreement of a face with its
mirror image (so `fast` and `balanced` share one model), light, pose, occlusion. Without an embedding, compression and
dynamic range help too.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.parameters import UNIFIED_BARE, UNIFIED_EMBEDDED
from ipse.core.faces.quality.weights import Weights
from ipse.core.vocabulary import Measure

SURELY = 0.95
"""Detector's confidence beyond which more of it says nothing. Source: YuNet gives its clearest faces 0.93 to 0.95."""

ENOUGH_PX = 35.0
"""
Distance between the eyes beyond which the aligned face holds no more detail.

Source: the ArcFace template puts the eyes 35 px apart.
"""


SHARP_DB = -4.0
"""
Sharpness beyond which more of it is noise or compression.

Source: the median of clean press photographs is -3.8 dB (`benchmarks/accuracy/quality_fit.py`).
"""

NO_SEAMS = 1.1
"""What compression is taken to be where it cannot be assessed: the median of clean press photographs."""


@dataclass(frozen=True, slots=True)
class Features:
    """
    What the models weigh; all finite.

    Attributes:
        confidence: The detector's, as a logarithm of odds.
        sharpness: Decibels.
        size: Logarithm of the pixels between the eyes.
        compression: Logarithm of the ratio.
        dynamic_range: Bits.
        norm: Length of the embedding; `None` if there is none.
    """

    confidence: float
    sharpness: float
    size: float
    compression: float
    dynamic_range: float
    norm: float | None


def features(confidence: float, measures: Mapping[str, Measure], norm: float | None) -> Features:
    """Give the features of one face: from the detector's confidence, its measures and its embedding's norm, if any."""
    sure = min(max(confidence, 0.01), SURELY)
    eyes_px = measures["inter_eye_distance"].raw or 0.0
    seams = measures["compression_artifacts"].raw or NO_SEAMS
    return Features(
        confidence=math.log(sure / (1 - sure)),
        sharpness=min(measures["sharpness"].raw or 0.0, SHARP_DB),
        size=math.log(min(max(eyes_px, 1.0), ENOUGH_PX)),
        compression=math.log(seams),
        dynamic_range=measures["dynamic_range"].raw or 0.0,
        norm=norm,
    )


def measure(evidence: Evidence, measures: Mapping[str, Measure]) -> float:
    """
    Give the unified score, 0 to 100.

    Source: ISO/IEC 29794-5 *unified quality score*; `benchmarks/accuracy/quality_fit.py` fits the weights to whether
    pictures still match clean ones of the same person, and lays the scale so that few clean pictures fall below 30.1;
    `benchmarks/accuracy/quality.md` shows what it is worth.
    """
    norm = None if evidence.embedding is None else evidence.embedding.norm
    return score(features(evidence.face.score, measures, norm))


def score(found: Features) -> float:
    """Give the unified score of features."""
    weights = UNIFIED_BARE if found.norm is None else UNIFIED_EMBEDDED
    return weights.scale(logit(found, weights))


def logit(found: Features, weights: Weights) -> float:
    """Give the logarithm of the odds that the face matches a clean picture of the same person."""
    return (
        weights.bias
        + weights.confidence * found.confidence
        + weights.sharpness * found.sharpness
        + weights.size * found.size
        + weights.compression * found.compression
        + weights.dynamic_range * found.dynamic_range
        + weights.norm * (found.norm or 0.0)
    )
