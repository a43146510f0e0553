"""
The unified score: how likely a face is to be recognised, 0 to 100 on the scale of Megvii (suggested threshold 30.1).

Two logistic models, no more: one for faces that were embedded, one for those that were not. The length of the embedding
before it is normalised tells most (MagFace, arXiv:2103.06627, trains for it; SFace shows it untrained); the detector's
confidence, sharpness and size add what they can. The agreement of a face with its mirror image was tried and adds
nothing beside the norm, so `fast` and `balanced` share one model.
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


@dataclass(frozen=True, slots=True)
class Features:
    """What the models weigh: logarithm of odds, decibels, logarithm of pixels, share, length; all finite."""

    confidence: float
    sharpness: float
    size: float
    norm: float | None


def features(evidence: Evidence, measures: Mapping[str, Measure]) -> Features:
    """Give the features of one face from its evidence and its measures."""
    score = min(max(evidence.face.score, 0.01), SURELY)
    eyes_px = measures["inter_eye_distance"].raw or 0.0
    return Features(
        confidence=math.log(score / (1 - score)),
        sharpness=measures["sharpness"].raw or 0.0,
        size=math.log(min(max(eyes_px, 1.0), ENOUGH_PX)),
        norm=None if evidence.embedding is None else evidence.embedding.norm,
    )


def measure(evidence: Evidence, measures: Mapping[str, Measure]) -> float:
    """
    Give the unified score, 0 to 100.

    Source: ISO/IEC 29794-5 *unified quality score*; `benchmarks/accuracy/quality_fit.py` fits the weights to whether
    pictures still match clean ones of the same person, and lays the scale so that few clean pictures fall below 30.1;
    `benchmarks/accuracy/quality.md` shows what it is worth.
    """
    return score(features(evidence, measures))


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
        + weights.norm * (found.norm or 0.0)
    )
