"""
The scores of decisions as histograms, for each key: how they move shows drift without a single picture being kept.

A histogram of a key says how its callers' pictures score, and nothing about one of them.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Histogram

MOST_KEYS: Final = 100
"""How many keys have series of their own; those that come later share one. Source: ours; 60 series a key make 6,000, of
which Prometheus keeps millions."""

OTHERS: Final = "others"

CONSOLE: Final = "console"
"""All keys with which the console tries things share this one: it has new ones every day, of pictures that say nothing
about any caller's."""

_RATES: Final = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Decades of the false match rate; the thresholds of every dialect lie on such a bound."""

_SIMILARITIES: Final = tuple(round(-0.2 + 0.1 * step, 1) for step in range(13))
"""Bounds of the cosine. Source: strangers lie around 0, one person's pictures mostly above 0.5 (`docs/scoring.md`)."""

_SCORES: Final = tuple(round(0.1 * step, 1) for step in range(1, 11))


class ScoreMetrics:
    """
    Counts what decisions came to.

    Args:
        registry: Where the series are shown.

    Attributes:
        is_console: Whether a key is one of the console's own; to be set where there is a console.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self.is_console: Callable[[str], bool] = lambda _: False
        self._keys: set[str] = set()
        self._rates = Histogram(
            "ipse_false_match_rate",
            "How often two strangers look as alike as the faces that were compared.",
            ("key",),
            buckets=_RATES,
            registry=registry,
        )
        self._similarities = Histogram(
            "ipse_similarity", "Cosine of compared faces.", ("key",), buckets=_SIMILARITIES, registry=registry
        )
        self._judged = Histogram(
            "ipse_judgement_score",
            "Scores of judgements about captures: the higher, the more suspicious.",
            ("key", "judgement"),
            buckets=_SCORES,
            registry=registry,
        )
        self._judgements = Counter(
            "ipse_judgements", "Judgements about captures.", ("key", "judgement", "status"), registry=registry
        )
        self._cards = Counter("ipse_cards", "Card jobs that were done.", ("key", "status"), registry=registry)

    def decided(self, key: str, decision: Mapping[str, object]) -> None:
        """Count the scores and judgements of one decision, as `ipse.service.evidence` writes them."""
        shown = self._shown(key)
        for score in _rows(decision.get("scores")):
            self._rates.labels(shown).observe(score["false_match_rate"])
            self._similarities.labels(shown).observe(score["similarity"])
        judgements = decision.get("judgements")
        if not isinstance(judgements, Mapping):
            return
        for name, one in judgements.items():
            self._judgements.labels(shown, name, one["status"]).inc()
            if one["score"] is not None:
                self._judged.labels(shown, name).observe(one["score"])

    def card(self, key: str, status: str) -> None:
        """Count one card job by what it came to."""
        self._cards.labels(self._shown(key), status).inc()

    def _shown(self, key: str) -> str:
        """The label of a key: its public id while there are few, one for all others, and one for the console's."""
        if self.is_console(key):
            return CONSOLE
        if key in self._keys or len(self._keys) < MOST_KEYS:
            self._keys.add(key)
            return key
        return OTHERS


def _rows(scores: object) -> Iterable[Mapping[str, Any]]:
    """The scores of a decision, if it has some."""
    return scores if isinstance(scores, list) else ()
