"""All rules for numbers, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipse.core.cards.numbers import (
    china,
    hong_kong,
    indonesia,
    japan,
    malaysia,
    philippines,
    singapore,
    taiwan,
    thailand,
)
from ipse.core.cards.numbers.number import Rule
from ipse.core.cards.numbers.passports import PASSPORTS

RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {
        rule.name: rule
        for rule in (
            china.RESIDENT,
            thailand.PERSON,
            thailand.LICENCE,
            thailand.LASER,
            malaysia.MYKAD,
            malaysia.MYKAD_BACK,
            indonesia.NIK,
            indonesia.SIM,
            japan.MY_NUMBER,
            japan.LICENCE,
            hong_kong.HKID,
            singapore.NRIC,
            taiwan.PERSON,
            philippines.PCN,
            philippines.PSN,
            philippines.CRN,
            philippines.SSS,
            philippines.TIN,
            philippines.LICENCE,
            *PASSPORTS.values(),
        )
    }
)
"""`RULES["hkg-id_number"]`: the country, the field. Licences of Malaysia and Singapore repeat the person's number."""
