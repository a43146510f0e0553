"""What computes, for people: weights with their licences, the curve, and what was measured with these networks."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from ipse.core.scoring.calibration import Curve
from ipse.core.vocabulary import Recipe
from ipse.infra.settings import Settings
from ipse.models.manifest import Licensed, Manifest
from ipse.service.desk.engine import DetPoint, EngineSheet, WeightSheet


def engine_sheet(settings: Settings, curve: Curve, facts: Mapping[str, Any]) -> EngineSheet:
    """
    All that is known of what computes.

    Args:
        settings: Where the weights are.
        curve: The one in use; it names the networks.
        facts: What `/readyz` tells.
    """
    measured, det = _misses(curve.recipe)
    weights = tuple(_weight(one, settings) for one in Manifest.load().defaults)
    return EngineSheet(facts=facts, weights=weights, curve=curve, det=det, measured=measured)


def _weight(weight: Licensed, settings: Settings) -> WeightSheet:
    """A weight in plain values."""
    return WeightSheet(
        name=weight.name,
        title=weight.title,
        role=weight.role,
        digest=weight.digest,
        code_license=(weight.code_license.name, weight.code_license.page),
        weights_license=(weight.weights_license.name, weight.weights_license.page),
        commercial=weight.commercial,
        is_here=(settings.weights_dir / weight.opened.file).is_file(),
    )


def _misses(recipe: Recipe) -> tuple[str, tuple[DetPoint, ...]]:
    """
    What was measured with these networks, and on which pictures; nothing of others.

    Source: `misses.json`, written by benchmarks/accuracy/tar.py.
    """
    told = json.loads(resources.files("ipse.engine").joinpath("misses.json").read_text(encoding="utf-8"))
    for row in told["rows"]:
        if Recipe(**row["recipe"]) == recipe:
            return told["what"], tuple(DetPoint(**point) for point in row["points"])
    return "", ()
