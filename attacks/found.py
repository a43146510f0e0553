"""
The face of a still, found by the engine as it is configured.

A command makes video files of it for browsers:
`python -m attacks.found STILL FILE.y4m [--as living|still|screen] [--seconds N]`
"""

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Final

from attacks.head import Pixels, Points
from attacks.motion import frames, replayed
from attacks.video import on_screen, write_mjpeg, write_y4m
from ipse.core.faces.contours import contours
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.engine import open_engine
from ipse.engine.networks import open_weight, thread_count
from ipse.infra.settings import Settings, read_settings
from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice

KINDS: Final = ("living", "still", "screen")


class Unwatched:
    """Stages that nobody times."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Do nothing around a stage."""
        del name
        return nullcontext()


class Finder:
    """Finds the largest face of a still and its 68 points; opens three networks when made."""

    def __init__(self, settings: Settings) -> None:
        engine = open_engine(settings)
        choice = RuntimeChoice(settings.runtime, settings.device, settings.precision, thread_count(settings))
        self._looker = Looker(engine.detector, engine.embedder, "fast")
        self._landmarks = open_weight(Manifest.load().network("landmarks"), settings, choice)

    def found(self, content: bytes) -> tuple[Pixels, Points]:
        """
        Give the pixels of a still and the contours of its face: what `attacks.motion.frames` starts from.

        Shape: (H, W, 3) uint8 RGB, (68, 2) float32.

        Raises:
            ValueError: It shows no face.
        """
        shot = self._looker.look("still", content, Limits(), Unwatched(), None)
        if shot.face is None:
            raise ValueError("the still shows no face")
        return shot.pixels, contours(shot.pixels, shot.face.box, self._landmarks)


def main() -> None:
    """Write one video."""
    words = argparse.ArgumentParser(description="A video of a still, as browsers take it for a camera")
    words.add_argument("still", type=Path)
    words.add_argument("file", type=Path)
    words.add_argument("--as", dest="kind", choices=KINDS, default="living")
    words.add_argument("--seconds", type=float, default=10.0)
    words.add_argument("--seed", type=int, default=0)
    told = words.parse_args()
    pixels, points = Finder(read_settings()).found(told.still.read_bytes())
    moving = frames(pixels, points, seed=told.seed)
    match told.kind:
        case "still":
            shown = replayed(pixels, points, told.seconds, seed=told.seed)
        case "screen":
            shown = on_screen(moving, told.seed)
        case _:
            shown = moving
    write = write_mjpeg if told.file.suffix == ".mjpeg" else write_y4m
    write(told.file, shown)


if __name__ == "__main__":
    main()
