"""
Judgement `injection`: hints that the pictures did not come from a camera.

Each hint alone; the strongest one is the score. They are hints and no proofs: whoever writes a client of their own can
tell any story in the log. What the log may hold, all of it optional:

`{"camera": label, "frames_ms": [times of frames, as many as there are], "size": [width, height] of the camera's frames
in pixels, "user_agent": str, "screen": [width, height, pixel ratio]}`
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.core.authenticity.photo.screenshot import AHEAD, TAGS
from ipse.core.genuineness.cameras import AUTOMATED, VIRTUAL
from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.evidence import Evidence
from ipse.core.genuineness.judgement import Judgement, OperatingPoint, decided, not_assessed
from ipse.core.vocabulary import Pixels

Hint: TypeAlias = tuple[float, str]
"""A score, and what it is for."""

Numbers: TypeAlias = NDArray[np.float64]

FRAMES: Final = 20
"""Times of frames below which nothing is said about them: two thirds of a second."""

FASTEST_MS: Final = 2.0
"""Middle distance between frames below which no camera of a telephone or laptop takes them: 500 a second."""

JPEG: Final = b"\xff\xd8"
"""How a JPEG begins."""

SCAN: Final = b"\xff\xda"
"""Where its pixels begin, and nothing more is said. Source: ITU-T T.81, B.1.1.3."""

MOST: Final = 1e15
"""Numbers of a log are smaller, not a number least of all."""

LEAST_PX: Final = 64
"""Side of the smallest picture in which identical pixels mean something."""

IDENTICAL: Final = 0.5
"""
Share of pixels with relief that two frames may have in common bit for bit at the same place.

Source: `benchmarks/accuracy/motion.py`, where honest frames have at most half of that. The grain of two aligned faces
was tried too and tells nothing: that of a sharp, still face is as alike as that of a picture without any noise.
"""

RELIEF: Final = 4
"""Grey levels by which a pixel differs from its neighbour at least to have relief: flat areas are equal by chance."""


def judge(evidence: Evidence, point: OperatingPoint) -> Judgement:
    """Give the strongest hint; not assessed where there is neither a log nor a second picture nor an editor's name."""
    capture = evidence.capture
    hints = [*_of_log(capture), *_of_pictures(capture)]
    if not hints and not capture.log and len(capture.shots) == 1:
        return not_assessed(point.name, "nothing_to_compare")
    score, why = max(hints, default=(0.0, "none"))
    return decided(point, score, why)


def _of_log(capture: Capture) -> Iterator[Hint]:
    """Give the hints in what the client says of itself."""
    camera, browser = _lower(capture.log, "camera"), _lower(capture.log, "user_agent")
    if any(word in camera for word in VIRTUAL):
        yield 0.9, "virtual_camera"
    if any(word in browser for word in AUTOMATED):
        yield 0.6, "automated_browser"
    yield from _of_times(_numbers(capture.log, "frames_ms"))
    size = _numbers(capture.log, "size")
    if len(size) == 2 and any(_is_larger(shot, size) for shot in capture.shots):  # noqa: PLR2004 - width and height
        yield 0.6, "larger_than_the_camera"


def _of_times(times_ms: Numbers) -> Iterator[Hint]:
    """Give what is wrong with the times of frames: they go back, come too fast, or keep a beat that no camera keeps."""
    if len(times_ms) < FRAMES:
        return
    steps = np.diff(times_ms)
    if (steps < 0).any() or np.median(steps) < FASTEST_MS:
        yield 0.8, "impossible_times"
    elif np.ptp(steps) == 0:
        yield 0.6, "regular_times"


def _of_pictures(capture: Capture) -> Iterator[Hint]:
    """Give the hints in the pictures: one file twice, pixels or grain that two frames share, an editor's name."""
    if any(_is_edited(shot.content[:AHEAD]) for shot in capture.shots):
        yield 0.7, "edited_file"
    frames = (capture.best, *(one.shot for one in capture.acted))
    if len({shot.digest for shot in frames}) < len(frames):
        yield 0.95, "same_file"
    elif any(identical(first.pixels, second.pixels) > IDENTICAL for first, second in pairwise(frames)):
        yield 0.9, "identical_pixels"


def _is_edited(head: bytes) -> bool:
    """Give whether a file begins with the name of software that alters pictures."""
    told = head.partition(SCAN)[0] if head.startswith(JPEG) else head
    return any(tag in told for tag in TAGS)


def identical(first: Pixels, second: Pixels) -> float:
    """
    Give the share of the pixels with relief that two frames have in common; 0 for frames of different sizes.

    A camera's noise changes every pixel by itself, so that two of its frames have few in common.

    Shape: (H, W, 3) uint8 RGB each.
    """
    if first.shape != second.shape or min(first.shape[:2]) < LEAST_PX:
        return 0.0
    one, other = first[::4, ::4, 1], second[::4, ::4, 1]
    relief = np.abs(np.diff(one.astype(np.int16), axis=1)) >= RELIEF
    same = (one == other)[:, 1:]
    return float(same[relief].mean()) if relief.any() else 0.0


def _is_larger(shot: Shot, size: Numbers) -> bool:
    """Give whether a picture is larger than the frames of the camera that it came from, whichever way it was held."""
    return bool(max(shot.width_px, shot.height_px) > size.max() or min(shot.width_px, shot.height_px) > size.min())


def _lower(log: Mapping[str, object], name: str) -> str:
    """Give a text of the log in lower case; empty if there is none."""
    told = log.get(name)
    return told.lower() if isinstance(told, str) else ""


def _numbers(log: Mapping[str, object], name: str) -> Numbers:
    """Give a list of numbers of the log; empty if there is none, or anything else in it."""
    told = log.get(name)
    if not isinstance(told, list | tuple) or not all(isinstance(one, int | float) and abs(one) < MOST for one in told):
        return np.empty(0)
    return np.asarray(told, np.float64)
