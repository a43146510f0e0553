"""What `/readyz`, the log and the console tell of the engine."""

from importlib.metadata import version

from ipse.core.scoring.calibration import Curve
from ipse.engine.cards import can_read_cards, card_scripts
from ipse.engine.faces import Engine
from ipse.engine.liveness import liveness_facts
from ipse.infra.settings import Settings


def engine_facts(settings: Settings, engine: Engine, curve: Curve) -> dict[str, object]:
    """All of it: who computes faces, which scripts of cards are read, and which judgements are assessed."""
    cards = {"reads": can_read_cards(settings), **card_scripts(settings)}
    return describe(engine, curve) | {"cards": cards, "liveness": liveness_facts(settings)}


def describe(engine: Engine, curve: Curve) -> dict[str, object]:
    """Who computes, with which weights, judged by which curve."""
    facts, made = engine.facts, curve.provenance
    return {
        "version": version("ipse"),
        "runtime": f"{facts.runtime} {facts.version}",
        "provider": facts.provider,
        "device": facts.device,
        "precision": facts.precision,
        "profile": engine.examiner.recipe.profile,
        "threads": engine.threads,
        "weights": {weight.name: weight.digest for weight in engine.weights},
        "curve": {
            "dataset": made.dataset,
            "population": made.population,
            "date": made.date,
            "people": made.people,
            "pictures": made.pictures,
            "genuine_pairs": made.genuine_pairs,
            "impostor_pairs": made.impostor_pairs,
            "extrapolated_below": curve.extrapolated_below,
        },
    }
