"""Cameras that are programs: what they call themselves to a browser or a telephone."""

from typing import Final

VIRTUAL: Final[tuple[str, ...]] = (
    "obs virtual", "obs-camera", "obs camera", "manycam", "v4l2loopback", "dummy video device", "fake device",
    "fake_device", "fake video", "virtual camera", "virtual cam", "virtual webcam", "virtualcam", "xsplit", "splitcam",
    "snap camera", "youcam", "webcammax", "chromacam", "altercam", "mmhmm", "camtwist", "e2esoft", "vcam", "sparkocam",
    "fake webcam", "magic camera", "cyberlink webcam", "alternacam", "avatarify", "deepfacelive", "swapface", "iriun",
    "droidcam", "epoccam", "ivcam", "ndi video", "ndi webcam", "unity video capture", "akvirtualcamera",
    "screen capture", "facerig", "animaze", "prism live", "streamlabs", ".y4m", ".mjpeg",
)  # fmt: skip
"""
Parts of labels, in lower case.

Source: what these programs register with Windows, macOS and Linux, as their manuals show; the last two are files, which
Chromium takes for a camera and calls by their names. DroidCam, EpocCam, Iriun and iVCam bring a real telephone's
pictures, but through a driver that takes any others as well.
"""

AUTOMATED: Final[tuple[str, ...]] = ("headlesschrome", "phantomjs", "jsdom", "puppeteer", "selenium")
"""Parts of a browser's own name, in lower case, of browsers that no person holds. Source: their documentation."""
