"""
The engine without HTTP: settings become networks, examiners and a curve, here and nowhere else.

Nothing is downloaded: a weight that is not there is an error that says how to fetch it.
"""

from ipse.engine.cards import LateCards, can_read_cards, card_layouts, card_scripts, open_cards, open_reader
from ipse.engine.curves import load_curve
from ipse.engine.faces import Engine, missing_weights, open_engine
from ipse.engine.facts import engine_facts
from ipse.engine.liveness import (
    LateGenuineness,
    Liveness,
    liveness_facts,
    liveness_weights,
    open_genuineness,
    operating_points,
)
from ipse.engine.networks import EngineError, thread_count

__all__ = [
    "Engine",
    "EngineError",
    "LateCards",
    "LateGenuineness",
    "Liveness",
    "can_read_cards",
    "card_layouts",
    "card_scripts",
    "engine_facts",
    "liveness_facts",
    "liveness_weights",
    "load_curve",
    "missing_weights",
    "open_cards",
    "open_engine",
    "open_genuineness",
    "open_reader",
    "operating_points",
    "thread_count",
]
