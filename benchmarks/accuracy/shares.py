"""Shares and their intervals, as every report of this folder states them."""

from dataclasses import dataclass

import numpy as np

Z95 = 1.959964


@dataclass(frozen=True)
class Share:
    """Some of several, with the 95 % interval of Wilson."""

    count: int
    of: int

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / max(self.of, 1)

    @property
    def interval(self) -> tuple[float, float]:
        """Its interval. Source: Wilson 1927, for cases that are independent of each other."""
        n, p = max(self.of, 1), self.value
        middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
        half = Z95 / (1 + Z95**2 / n) * float(np.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n)))
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value * 100:.1f} ({low * 100:.1f} to {high * 100:.1f})"
