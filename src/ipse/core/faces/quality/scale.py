"""From a measure's native unit to 0..100: the sigmoid of ISO/IEC 29794-5."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """
    The mapping `h * (a + s / (1 + exp((x0 - x) / w)))`, cut to 0..100.

    Attributes:
        x0: Native value in the middle of the slope.
        w: Width of the slope in the native unit; negative where less is better.
        h: Height.
        a: Offset.
        s: Sign and strength of the slope.

    Source: the parameters' names and the formula are those of OFIQ, the reference implementation of ISO/IEC 29794-5
    (github.com/BSI-OFIQ/OFIQ-Project, `data/ofiq_config.jaxn`).
    """

    x0: float
    w: float
    h: float = 100.0
    a: float = 0.0
    s: float = 1.0

    def __call__(self, x: float) -> float:
        """Give the scaled value of a native one."""
        t = min(max((x - self.x0) / self.w, -60.0), 60.0)
        return min(max(self.h * (self.a + self.s / (1.0 + math.exp(-t))), 0.0), 100.0)
