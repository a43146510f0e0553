"""
Judgement `replaced`: another face in one of the frames.

Templates of all frames are held against the best picture's; the strangest frame counts. A frame in which nobody is
found, or two people of about the same size, cannot vouch for anybody and counts fully; frames of a flash run that show
nobody are excused, since a dark screen may leave the face dark.

The score is half the cosine distance between the two templates: 0 for the same picture, 0.5 for unrelated ones.
"""

from typing import Final

import numpy as np

from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed

ALIKE: Final = 0.6
"""
Share of the subject's area from which a second face counts as of the same size: three quarters of its width or more.

Source: of two people side by side before a telephone neither is smaller by more; who passes behind is.
"""


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give whether one of the frames shows somebody else, nobody, or two people."""
    told = [_against(evidence.capture.best, shot) for shot in _others(evidence.capture)]
    told.append(_crowded(evidence.capture.best))
    known = [one for one in told if one is not None]
    if not known:
        return not_assessed(point.name, "nothing_to_compare")
    score, why = max(known)
    return decided(point, score, why)


def _others(capture: Capture) -> tuple[Shot, ...]:
    """Give all pictures but the best; of a flash run those in which somebody is seen."""
    return tuple(shot for shot in capture.shots[1:] if shot.face is not None or not _is_lit(shot, capture))


def _is_lit(shot: Shot, capture: Capture) -> bool:
    """Give whether a picture belongs to the flash run."""
    return any(one.shot is shot for one in capture.lit)


def _against(best: Shot, shot: Shot) -> tuple[float, str] | None:
    """Give the score of one frame and what speaks against it; `None` where nothing can be compared."""
    if shot.face is None:
        return 1.0, "no_face"
    crowded = _crowded(shot)
    if crowded is not None:
        return crowded
    if best.template is None or shot.template is None:
        return None
    similarity = float(best.template.vector @ shot.template.vector)
    return float(np.clip((1 - similarity) / 2, 0.0, 1.0)), "another_face"


def _crowded(shot: Shot) -> tuple[float, str] | None:
    """Give the full score where a second face is about as large as the subject's."""
    if shot.face is None or len(shot.faces) < 2:  # noqa: PLR2004 - two is a crowd
        return None
    second = max(face.box.area_px for face in shot.faces if face is not shot.face)
    return (1.0, "two_people") if second >= ALIKE * shot.face.box.area_px else None
