"""How surely a card's letters are read the right way up and upside down: what tells one from the other."""

from collections.abc import Sequence
from datetime import date

import numpy as np

import specimens
from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.images import Limits
from ipse.core.text.lines import TextLine
from ipse.core.vocabulary import Pixels
from ipse.verifier import Untimed


def turned(examiner: CardExaminer, kinds: Sequence[str], seed: int, today: date) -> dict[str, list[float]]:
    """Give the 5th, 50th and 95th percentile of the mean confidence of a side's letters, both ways up, at L1 and L3."""
    told: dict[str, list[float]] = {"upright": [], "upside down": []}
    for kind in kinds:
        card = specimens.draw(kind, seed, "b")
        for level in ("L1", "L3"):
            photo = specimens.degrade((card.back or card.front).pixels, level, seed)
            sight = examiner.look(photo.jpeg, Side.BACK, Said(), today, Limits(), Untimed())
            if sight.view is None:
                continue
            pixels: Pixels = sight.view.pixels
            for way, shown in (("upright", pixels), ("upside down", np.ascontiguousarray(pixels[::-1, ::-1]))):
                told[way].append(surely(examiner.reader.lines(shown)))
    return {way: [round(float(np.quantile(all_, at)), 2) for at in (0.05, 0.5, 0.95)] for way, all_ in told.items()}


def surely(lines: Sequence[TextLine]) -> float:
    """Give the mean confidence of the letters of some lines."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.confidence * len(line.text) for line in lines) / letters if letters else 0.0
