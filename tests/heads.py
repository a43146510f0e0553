"""A person before a camera, composed from a sample portrait, and the eyes of the engine."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from attacks.found import Finder
from attacks.head import Portrait, portrait
from attacks.motion import Pose, posed, seen
from attacks.video import jpeg

from ipse.core.genuineness.capture import Shot
from ipse.core.genuineness.evidence import Networks
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.engine import open_engine
from ipse.engine.networks import open_weight
from ipse.infra.settings import Settings
from ipse.models.manifest import Manifest
from ipse.models.session import RuntimeChoice


class Unwatched:
    """Stages that nobody times."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Nothing around a stage."""
        del name
        return nullcontext()


class Camera:
    """Takes pictures of people who are composed from the sample portraits."""

    def __init__(self, weights: Path, samples: Path) -> None:
        settings = Settings(weights_dir=weights, precision="float32", threads=1)
        engine = open_engine(settings)
        choice = RuntimeChoice(settings.runtime, settings.device, settings.precision, 1)
        self._samples = samples
        self._finder = Finder(settings)
        self._looker = Looker(engine.detector, engine.embedder, "balanced")
        self.networks = Networks(
            landmarks=open_weight(Manifest.load().network("landmarks"), settings, choice),
            eyes=open_weight(Manifest.load().network("eyes"), settings, choice),
        )
        self.face = cache(self._face)
        self.shot = cache(self._shot)

    def _face(self, person: str) -> Portrait:
        """A sample portrait on a camera's canvas."""
        return portrait(*self._finder.found((self._samples / f"{person}.jpg").read_bytes()))

    def _shot(self, pose: Pose = Pose(), person: str = "biden", seed: int = 0) -> Shot:  # noqa: B008 - it is frozen
        """A picture of somebody doing something; the noise is that of the seed."""
        pixels = seen(posed(self.face(person), pose).pixels, np.random.default_rng(seed))
        return self.looked(jpeg(pixels))

    def looked(self, content: bytes) -> Shot:
        """A picture as the judgements see it."""
        return self._looker.look("shot", content, Limits(), Unwatched(), "fast")


def named(shot: Shot, name: str) -> Shot:
    """The same picture under another name."""
    return replace(shot, name=name)
