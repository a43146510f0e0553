"""Megvii's `face_genuineness`: what was judged of a capture, on the vendor's thresholds of one half."""

from typing import Final

from ipse.core.genuineness.judgement import Judgement, JudgementName, Judgements, Status
from ipse.service.vouched_probe import Genuineness

THRESHOLD = 0.5
"""The confidence from which a face is suspected. Source: every recorded body, for all of them."""

NEUTRAL = 0.0
"""What stands for a judgement that was not assessed. Source: what recorded bodies say of living people."""

DECIMALS = 3
"""Source: the page, return values: at most three decimals."""

STEP: Final = 0.001


def encode_genuineness(genuineness: Genuineness) -> dict[str, float | int]:
    """
    Give the object, its keys in the order of a recorded body of 2017.

    `screen_replay` is the worse of two judgements, a screen's and a print's: the vendor has one word for pictures of
    people. What the vendor has no word for is not told here.
    """
    judged = genuineness.judgements
    told: dict[str, float | int] = {"mask_confidence": _confidence(judged, "mask")}
    if genuineness.tells_screen:
        told["screen_replay_confidence"] = max(_confidence(judged, "screen_replay"), _confidence(judged, "print"))
    told["mask_threshold"] = THRESHOLD
    told["synthetic_face_confidence"] = _confidence(judged, "synthetic")
    told["synthetic_face_threshold"] = THRESHOLD
    if genuineness.tells_screen:
        told["screen_replay_threshold"] = THRESHOLD
    if genuineness.tells_replaced:
        told["face_replaced"] = int(judged["replaced"].status is Status.SUSPECTED)
    return told


def confidence(score: float, threshold: float) -> float:
    """
    Give a score on the vendor's scale, strictly increasing: our threshold becomes the vendor's, 0 and 1 stay.

    Args:
        score: 0 to 1.
        threshold: From which score on it is suspected, in (0, 1].
    """
    if score < threshold:
        return THRESHOLD * score / threshold
    return 1.0 if score >= 1 else THRESHOLD + (1 - THRESHOLD) * (score - threshold) / (1 - threshold)


def printed(judgement: Judgement) -> float:
    """
    Give the confidence of a judgement as it is printed.

    It is above the threshold if suspected and below it if not, never on it: some clients compare with `>`, some with
    `>=`.
    """
    if judgement.score is None or judgement.threshold is None:
        return NEUTRAL
    rounded = round(confidence(judgement.score, judgement.threshold), DECIMALS)
    if judgement.status is Status.SUSPECTED:
        return max(rounded, round(THRESHOLD + STEP, DECIMALS))
    return min(rounded, round(THRESHOLD - STEP, DECIMALS))


def _confidence(judged: Judgements, name: JudgementName) -> float:
    """Give the confidence of the judgement of this name."""
    return printed(judged[name])
