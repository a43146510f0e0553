"""Whoever finds out what a picture shows: the seam between the use cases and `ipse.core.faces.examine`."""

from typing import Protocol

from ipse.core.faces.examine import Examination, Wish
from ipse.core.images import Limits
from ipse.core.vocabulary import Pixels, Stages


class Examiner(Protocol):
    """Whoever finds out what a picture shows (`ipse.core.faces.examine.Examiner`)."""

    def examine(self, data: bytes | Pixels, wish: Wish, limits: Limits, stages: Stages) -> Examination:
        """Give what is wished to be known; raises `Refusal` only for pictures that cannot be decoded."""
        ...
