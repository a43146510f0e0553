"""Who stands before the cameras of the tests: films composed from a sample portrait, and a camera that plays them."""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from attacks.found import Finder
from attacks.motion import Step, frames, replayed
from attacks.video import jpeg, on_screen, write_mjpeg
from playwright.sync_api import BrowserContext, Playwright

from ipse.infra.settings import read_settings

BrowserName: TypeAlias = Literal["chromium", "firefox"]

FPS: Final = 12.0
"""Frames a second of the films: two cores keep up."""

SCRIPT: Final = (
    *(Step("rest", 1.5), Step("turn_left", 1.6), Step("rest", 0.4), Step("turn_right", 1.6), Step("rest", 0.4)),
    *(Step("nod", 1.5), Step("rest", 0.4), Step("blink", 1.4), Step("rest", 0.4), Step("open_mouth", 1.4)),
    Step("rest", 0.8),
)
"""What the head does, over and over; a browser on a busy machine sees some frames a second of it."""

PLAYER: Final = Path(__file__).with_name("camera.js")
"""A camera for pages, in JavaScript: plays frames, and lets the screen's light fall on the face."""


@dataclass(frozen=True)
class Films:
    """
    Films as files for Chromium's fake camera, and the frames of one for a camera in the page.

    Attributes:
        living: A head that turns, nods, blinks and opens its mouth.
        still: A photo held before the camera.
        screen: The living head, played on a screen that is held before the camera.
        frames: The frames of `living`, as JPEGs.
    """

    living: Path
    still: Path
    screen: Path
    frames: tuple[bytes, ...]


def make_films(folder: Path, portrait: bytes) -> Films:
    """The films of one portrait."""
    still, points = Finder(read_settings()).found(portrait)
    living = list(frames(still, points, SCRIPT, FPS))
    return Films(
        living=write_mjpeg(folder / "living.mjpeg", living),
        still=write_mjpeg(folder / "still.mjpeg", islice(replayed(still, points, 2.0, FPS), 12)),
        screen=write_mjpeg(folder / "screen.mjpeg", on_screen(living)),
        frames=tuple(jpeg(frame, 88) for frame in living),
    )


@contextmanager
def chromium(playwright: Playwright, film: Path | None, **context: Any) -> Iterator[BrowserContext]:
    """A context of Debian's Chromium, whose fake camera plays a film; without one nobody allows the camera."""
    args = ["--no-sandbox", "--disable-dev-shm-usage", "--use-fake-device-for-media-stream"]
    if film is not None:
        args += ["--use-fake-ui-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=args)
    try:
        yield browser.new_context(**context)
    finally:
        browser.close()


@contextmanager
def firefox(playwright: Playwright, films: Films, **context: Any) -> Iterator[BrowserContext]:
    """A context of Debian's Firefox, driven by WebDriver BiDi; its camera is played in the page."""
    prefs: dict[str, str | float | bool] = {
        "media.navigator.streams.fake": True,
        "media.navigator.permission.disabled": True,
    }
    browser = playwright.firefox.launch(
        channel="moz-firefox", executable_path="/usr/bin/firefox-esr", firefox_user_prefs=prefs
    )
    try:
        opened = browser.new_context(**context)
        play(opened, films)
        yield opened
    finally:
        browser.close()


def play(context: BrowserContext, films: Films, *, reflects: bool = True) -> None:
    """Put a camera into the pages of a context that plays the living head."""
    told = {
        "fps": FPS,
        "reflects": reflects,
        "frames": [f"data:image/jpeg;base64,{b64encode(frame).decode()}" for frame in films.frames],
    }
    context.add_init_script(f"({PLAYER.read_text(encoding='utf-8')})({json.dumps(told)})")
