"""
Whoever judges captures in the world of the wire: the red of a picture says what is wrong with it.

The pictures are those of `tests.wire.scenes`, decoded for real; only what is judged stands in the shade.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.judgement import NAMES, JudgementName, Judgements, OperatingPoint, decided, not_assessed
from ipse.core.images import Limits, decode
from ipse.core.vocabulary import Box, Face, Measure, Profile, Quality, Stages, Template
from tests.wire.scenes import RECIPE, SCENES, png

FIRST = 100
"""The shade of the first attack; those of the people in `SCENES` are smaller."""

ATTACKS: Mapping[str, JudgementName] = MappingProxyType({name.replace("_", " "): name for name in NAMES})
"""Pictures that show an attack, by their names."""

POINTS: Mapping[JudgementName, OperatingPoint] = MappingProxyType(
    {
        name: OperatingPoint(name, assessed=True, threshold=0.5, bpcer=0.01)
        if name != "mask"
        else OperatingPoint(name, assessed=False, threshold=0.5, why="no_better_than_chance")
        for name in NAMES
    }
)
"""Of these masks nobody knows anything."""


def pictures() -> dict[str, bytes]:
    """Every picture of an attack by its name."""
    return {f"anna, {name}": png(FIRST + at) for at, name in enumerate(ATTACKS)}


class ScriptedJudges:
    """Decodes for real, then believes the shades: an attack in any picture is suspected."""

    @property
    def points(self) -> Mapping[JudgementName, OperatingPoint]:
        """What each judgement is worth."""
        return POINTS

    @property
    def profile(self) -> Profile:
        """That of the scenes."""
        return RECIPE.profile

    def look(
        self, name: str, content: bytes, limits: Limits, stages: Stages, *, template: Profile | None = None
    ) -> Shot:
        """What the scene says."""
        with stages.stage("decode"):
            image = decode(content, limits)
        shade = int(image.pixels[0, 0, 0])
        scene = list(SCENES.values())[shade] if shade < len(SCENES) else None
        cosine = 1.0 if scene is None else scene.cosine
        if scene is not None and not scene.qualities:
            return Shot(name, content, image.pixels, image.width_px, image.height_px, image.digest)
        face = Face(Box(-1, -2, 4, 4), np.zeros((5, 2), np.float32), 0.9)
        made = Template(np.array([cosine, np.sqrt(1 - cosine**2)], np.float32), RECIPE)
        return Shot(
            name=name,
            content=content,
            pixels=image.pixels,
            width_px=image.width_px,
            height_px=image.height_px,
            digest=image.digest,
            faces=(face,),
            face=face,
            aligned=np.zeros((112, 112, 3), np.uint8),
            template=None if template is None else made,
        )

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """A suspicion of what any shade says, 0.9; of everything else 0.1."""
        with stages.stage("genuineness"):
            shades = {int(shot.pixels[0, 0, 0]) - FIRST for shot in capture.shots}
            shown = {name for at, name in enumerate(ATTACKS.values()) if at in shades}
            return {
                name: decided(POINTS[name], 0.9 if name in shown else 0.1, "shade")
                if POINTS[name].assessed and capture.best.face is not None
                else not_assessed(name, POINTS[name].why or "no_face")
                for name in NAMES
            }


def scripted_quality(shot: Shot) -> Quality | None:
    """Half good, where there is a face."""
    return None if shot.face is None else Quality(50.0, {"sharpness": Measure(1.0, 50.0, "assessed")})
