"""Made-up cards for the demo and the tests: those of the package, where the console needs them too."""

from ipse.infra.sample_cards import THAI_NUMBER, as_jpeg, card, held_up, photographed, thai_card

__all__ = ["THAI_NUMBER", "as_jpeg", "card", "held_up", "photographed", "thai_card"]
