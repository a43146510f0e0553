"""What is printed where: one module a country."""

from typing import Final

from specimens.cards import (
    china,
    hongkong,
    indonesia,
    japan,
    malaysia,
    philippines,
    singapore,
    taiwan,
    thailand,
    travel,
)
from specimens.plan import Plan

PLANS: Final[dict[str, Plan]] = {
    **indonesia.PLANS,
    **hongkong.PLANS,
    **thailand.PLANS,
    **malaysia.PLANS,
    **singapore.PLANS,
    **philippines.PLANS,
    **japan.PLANS,
    **taiwan.PLANS,
    **china.PLANS,
    **travel.PLANS,
}
"""How each kind of card is made, by its name."""
