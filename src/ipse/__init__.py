"""
Ipse: one honest face score, on your own machine.

`import ipse` costs next to nothing; the engine is loaded when `ipse.Verifier` is first named.
"""

import importlib
from typing import TYPE_CHECKING, Any

from ipse.core.reasons import Reason, Refusal

if TYPE_CHECKING:
    from ipse.core.vocabulary import Template
    from ipse.verifier import Comparison, Verifier

__all__ = ["Comparison", "Reason", "Refusal", "Template", "Verifier"]

_HOMES = {"Comparison": "ipse.verifier", "Template": "ipse.core.vocabulary", "Verifier": "ipse.verifier"}


def __getattr__(name: str) -> Any:
    """What is loaded only when it is named."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ipse' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
