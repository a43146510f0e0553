"""A face drawn from the mean face with fine grain on it, and evidence made of it."""

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
import pytest

from ipse.core.faces.align import TARGET_PX
from ipse.core.faces.embed import Embedding
from ipse.core.faces.quality.evidence import Evidence
from ipse.core.faces.quality.mean_face import MEAN_FACE
from ipse.core.vocabulary import Box, Face, Floats, Pixels

Make: TypeAlias = Callable[..., Evidence]


def points(scale: float) -> Floats:
    """The five points of the aligned face, larger by `scale`."""
    return (np.asarray(TARGET_PX) * scale).astype(np.float32)


@pytest.fixture
def drawn() -> Pixels:
    """A frontal face of skin colour, evenly lit, with grain as fine as pores."""
    smooth = cv2.resize(np.asarray(MEAN_FACE), (112, 112), interpolation=cv2.INTER_CUBIC)
    grain = np.random.default_rng(1).normal(0, 25, (56, 56)).astype(np.float32)
    features = cv2.GaussianBlur(np.abs(smooth - cv2.GaussianBlur(smooth, (0, 0), 6)), (0, 0), 2) / 8
    textured = 1.1 * smooth + cv2.resize(grain, (112, 112)) * (0.2 + features)
    tinted = textured[:, :, None] * np.array([1.1, 0.95, 0.85], np.float32)
    return np.asarray(np.clip(tinted, 0, 255), np.uint8)


@pytest.fixture
def evidence() -> Make:
    """Makes evidence of an aligned face that fills a picture `scale` times as large."""

    def make(aligned: Pixels, scale: float = 2.0, score: float = 0.93, norm: float | None = 12.0) -> Evidence:
        side = round(112 * scale)
        pixels = np.asarray(cv2.resize(aligned, (side, side), interpolation=cv2.INTER_NEAREST), np.uint8)
        face = Face(Box(side * 0.1, side * 0.1, side * 0.9, side * 0.98), points(scale), score)
        embedding = None if norm is None else Embedding(np.zeros(128, np.float32), norm, None)
        return Evidence(pixels, face, aligned, embedding)

    return make
