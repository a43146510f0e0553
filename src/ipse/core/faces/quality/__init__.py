"""
Quality of a face in the vocabulary of ISO/IEC 29794-5: one measure per file, and the unified score above them.

A measure that cannot be assessed says so; it never pretends a value.
"""

from collections.abc import Callable, Mapping
from typing import Final

from ipse.core.faces.quality import (
    compression,
    dynamic_range,
    expression,
    eyes_open,
    illumination_uniformity,
    luminance_mean,
    luminance_variance,
    mouth_closed,
    occlusion_eyes,
    occlusion_face,
    occlusion_mouth,
    over_exposure,
    pose_pitch,
    pose_roll,
    pose_yaw,
    sharpness,
    size,
    under_exposure,
    unified,
)
from ipse.core.faces.quality.evidence import Evidence
from ipse.core.vocabulary import Measure, Quality

MEASURES: Final[Mapping[str, Callable[[Evidence], Measure]]] = {
    "inter_eye_distance": size.measure,
    "sharpness": sharpness.measure,
    "compression_artifacts": compression.measure,
    "illumination_uniformity": illumination_uniformity.measure,
    "luminance_mean": luminance_mean.measure,
    "luminance_variance": luminance_variance.measure,
    "under_exposure_prevention": under_exposure.measure,
    "over_exposure_prevention": over_exposure.measure,
    "dynamic_range": dynamic_range.measure,
    "head_pose_yaw": pose_yaw.measure,
    "head_pose_pitch": pose_pitch.measure,
    "head_pose_roll": pose_roll.measure,
    "eyes_visible": occlusion_eyes.measure,
    "mouth_occlusion_prevention": occlusion_mouth.measure,
    "face_occlusion_prevention": occlusion_face.measure,
    "eyes_open": eyes_open.measure,
    "mouth_closed": mouth_closed.measure,
    "expression_neutrality": expression.measure,
}
"""Every measure by the name that ISO/IEC 29794-5 gives it, in snake case."""


def assess(evidence: Evidence) -> Quality:
    """Give the quality of one face: every measure, and the unified score."""
    measures = {name: measure(evidence) for name, measure in MEASURES.items()}
    return Quality(unified.measure(evidence, measures), measures)
