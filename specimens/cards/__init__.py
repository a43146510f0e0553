"""What is printed where: one module a country."""

from typing import Final

from specimens.cards import china, hongkong, indonesia, malaysia, singapore, taiwan, thailand
from specimens.plan import Plan

PLANS: Final[dict[str, Plan]] = {
    **indonesia.PLANS,
    **hongkong.PLANS,
    **thailand.PLANS,
    **malaysia.PLANS,
    **singapore.PLANS,
    **taiwan.PLANS,
    **china.PLANS,
}
"""How each kind of card is made, by its name."""
