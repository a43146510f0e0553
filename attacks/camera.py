"""A camera that takes a scene: its lens, its mosaic of colours, its noise, its picture file."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ipse.core.vocabulary import Floats, Pixels

GAMMA: Final = 2.2
"""Exponent between what a picture's numbers say and light. Source: IEC 61966-2-1 (sRGB), near enough."""


@dataclass(frozen=True, slots=True)
class Camera:
    """
    How a picture is taken.

    Attributes:
        blur_px: Standard deviation of the lens's and the focus's blur, in pixels of the sensor.
        noise: Standard deviation of the noise at full light, as a share of it.
        exposure: Factor on all light.
        balance: Factors on red, green and blue.
        levels: How much of the light's least and greatest it stretches to black and white, as phones do by themselves.
        sharpening: How much of the fine structure is added once more.
        shrinking: Pixels of the sensor across one pixel of the file.
        jpeg: Quality of the file.
    """

    blur_px: float = 0.6
    noise: float = 0.01
    exposure: float = 1.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    levels: float = 0.8
    sharpening: float = 0.3
    shrinking: float = 1.0
    jpeg: int = 88


def some_camera(chance: np.random.Generator) -> Camera:
    """Give a camera of a phone or a laptop."""
    return Camera(
        blur_px=float(chance.uniform(0.4, 0.9)),
        noise=float(chance.uniform(0.004, 0.02)),
        exposure=float(chance.uniform(0.85, 1.1)),
        balance=(float(chance.uniform(0.93, 1.07)), 1.0, float(chance.uniform(0.93, 1.07))),
        levels=float(chance.uniform(0.5, 1.0)),
        sharpening=float(chance.uniform(0.0, 0.6)),
        shrinking=float(chance.choice([1.0, 1.0, 1.5, 2.0])),
        jpeg=int(chance.integers(75, 96)),
    )


def linear(pixels: Pixels) -> Floats:
    """Give a picture as light, 0 to 1."""
    return np.power(pixels.astype(np.float32) / 255, GAMMA).astype(np.float32)


def take(light: Floats, camera: Camera, chance: np.random.Generator) -> Pixels:
    """
    Give the picture that a camera takes of light that falls on its sensor.

    Shape: light (H, W, 3) float32 -> (H / shrinking, W / shrinking, 3) uint8 RGB.
    """
    seen = cv2.GaussianBlur(light, (0, 0), camera.blur_px) * np.float32(camera.exposure)
    seen = seen * np.array(camera.balance, np.float32)
    raw = _mosaic(_levelled(seen, camera.levels))
    raw += chance.standard_normal(raw.shape, np.float32) * camera.noise * np.sqrt(np.clip(raw, 0.02, 1))
    values = np.clip(np.power(np.clip(raw, 0, 1), 1 / GAMMA) * 255, 0, 255).astype(np.uint8)
    picture = cv2.cvtColor(values, cv2.COLOR_BayerBG2RGB)
    if camera.shrinking > 1:
        picture = cv2.resize(
            picture, None, fx=1 / camera.shrinking, fy=1 / camera.shrinking, interpolation=cv2.INTER_AREA
        )
    if camera.sharpening > 0:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
        picture = cv2.addWeighted(picture, 1 + camera.sharpening, soft, -camera.sharpening, 0)
    return filed(np.asarray(picture, np.uint8), camera.jpeg)


def filed(pixels: Pixels, quality: int) -> Pixels:
    """Give a picture as a JPEG of this quality shows it."""
    _, file = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    opened = np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(opened[..., ::-1])


def _levelled(light: Floats, share: float) -> Floats:
    """Give light of which the darkest hundredth is black and the lightest white, by this share of the way."""
    least, greatest = np.quantile(light[::8, ::8], (0.01, 0.99)) * share + np.array([0.0, 1.0]) * (1 - share)
    return np.asarray((light - least) / max(float(greatest - least), 0.05), np.float32)


def _mosaic(light: Floats) -> Floats:
    """
    Give what each place of the sensor sees of its one colour.

    Shape: (H, W, 3) -> (H, W), the pattern that OpenCV calls BG: red at even rows and columns.
    """
    raw = light[..., 1].copy()
    raw[0::2, 0::2] = light[0::2, 0::2, 0]
    raw[1::2, 1::2] = light[1::2, 1::2, 2]
    return raw


def taken(pixels: Pixels, width_px: int, seed: int) -> Pixels:
    """Give the picture that a camera would have taken of the person: the honest counterpart of every attack."""
    chance = np.random.default_rng(seed)
    camera = some_camera(chance)
    factor = width_px * camera.shrinking / pixels.shape[1]
    larger = cv2.resize(pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return take(linear(np.asarray(larger, np.uint8)), camera, chance)
