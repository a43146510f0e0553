"""
Whether a `fast` template may stand beside a `balanced` one, as it does between frames of one capture.

`mixed_profiles.py`; prints false non-match rates at set false match rates, for two pictures each of 250 people of the
second half of `../shared/data/faces`. Nothing is fitted.
"""

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np

from ipse.core.faces.embed import embed
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.core.vocabulary import Floats
from ipse.engine import open_engine
from ipse.infra.settings import read_settings

FACES = Path(__file__).parents[3] / "shared" / "data" / "faces"
PEOPLE = 250
FMRS = (1e-2, 1e-3, 1e-4)


class Untimed:
    """Stages that nobody times."""

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Let it run."""
        del name
        return nullcontext()


def vectors() -> tuple[Floats, Floats, Floats]:
    """Give balanced and fast vectors of all pictures, and whom each shows. Shape: (N, D), (N, D), (N,)."""
    engine = open_engine(read_settings())
    looker = Looker(engine.detector, engine.embedder, "balanced")
    folders = sorted(FACES.iterdir())
    several = [one for one in folders[len(folders) // 2 :] if len(list(one.iterdir())) > 1]
    rows = []
    for person, folder in enumerate(several[:PEOPLE]):
        for file in sorted(folder.iterdir())[:2]:
            aligned = looker.look("picture", file.read_bytes(), Limits(), Untimed(), None).aligned
            if aligned is not None:
                both = (embed(aligned, engine.embedder, profile).vector for profile in ("balanced", "fast"))
                rows.append((*both, np.float32(person)))
    balanced, fast, people = zip(*rows, strict=True)
    return np.array(balanced), np.array(fast), np.array(people)


def main() -> None:
    """Measure and print."""
    balanced, fast, people = vectors()
    same = people[:, None] == people[None]
    genuine = same & ~np.eye(len(people), dtype=bool)
    for name, one, other in (
        ("balanced", balanced, balanced),
        ("fast", fast, fast),
        ("balanced beside fast", balanced, fast),
    ):
        alike = one @ other.T
        told = []
        for fmr in FMRS:
            threshold = float(np.quantile(alike[~same], 1 - fmr))
            told.append(
                f"FMR {fmr:g} at {threshold:.3f}: FNMR {100 * float((alike[genuine] < threshold).mean()):.1f} %"
            )
        print(f"{name}, {genuine.sum()} genuine, {(~same).sum()} impostor: {'; '.join(told)}")


if __name__ == "__main__":
    main()
