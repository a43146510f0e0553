"""The curve that says what a similarity is worth."""

import tomllib
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from ipse.core.scoring.calibration import Curve, CurveMismatch, curve_from_mapping, select
from ipse.core.vocabulary import Recipe
from ipse.engine.networks import EngineError
from ipse.infra.settings import Settings
from ipse.infra.trouble import using


def load_curve(settings: Settings, recipe: Recipe) -> Curve:
    """
    The curve for a recipe: the user's own if there is one, else the shipped one.

    Raises:
        EngineError: No curve was fitted with these weights at this precision, or a file is no curve.
        SetupError: The folder of the user's own curves cannot be read.
    """
    try:
        with using(settings.curves):
            return select(_curves(settings), recipe)
    except CurveMismatch as error:
        raise EngineError(str(error)) from None


def _curves(settings: Settings) -> Iterator[Curve]:
    """All curves, the user's own first, each read when it is asked for."""
    shipped = resources.files("ipse.core.scoring").joinpath("curves")
    for folder in (settings.curves, shipped):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(".toml"):
                yield _curve(file)


def _curve(file: Traversable) -> Curve:
    """One curve from its file."""
    try:
        return curve_from_mapping(tomllib.loads(file.read_text(encoding="utf-8")))
    except (ValueError, OSError) as error:
        raise EngineError(f"{file.name} is no curve: {error}") from None
