"""
What one comparison costs beside its bare kernels.

The bare kernels are what nobody can leave out: decoding both JPEGs at the scale that Ipse decodes them at, and running
the networks on exactly the tensors that the comparison gave them. They are recorded from a real comparison and
replayed: both figures come from the same pictures in the same run. CPU time is that of the whole process, with the
runtime's own threads.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from PIL import Image as Pillow

from ipse.core.faces.embed import similarity
from ipse.core.faces.examine import ENOUGH_PX, Examiner, Wish
from ipse.core.images import Limits, decode
from ipse.core.vocabulary import Floats, Network, Precision
from ipse.engine import Engine

ROUNDS = 20


class Recorder:
    """A network that remembers what it was given: implements `Network` around another."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.given: list[Floats] = []

    @property
    def digest(self) -> str:
        """The network's digest."""
        return self._network.digest

    @property
    def precision(self) -> Precision:
        """The network's precision."""
        return self._network.precision

    def run(self, tensor: Floats) -> Mapping[str, Floats]:
        """Run it, and keep the tensor."""
        self.given.append(tensor.copy())
        return self._network.run(tensor)


class StageSums:
    """Milliseconds per stage, summed over everything timed with it."""

    def __init__(self) -> None:
        self.ms: dict[str, float] = {}

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Time what runs inside."""
        return self._timed(name)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.ms[name] = self.ms.get(name, 0.0) + 1e3 * (time.perf_counter() - began)


def compare(examiner: Examiner, pair: tuple[bytes, bytes], stages: StageSums) -> float:
    """A whole comparison on the calling thread."""
    first, second = (examiner.examine(data, Wish(), Limits(), stages).template for data in pair)
    if first is None or second is None:
        raise SystemExit("no face in a benchmark picture")
    return similarity(first, second)


def cost(action: Callable[[], object], rounds: int = ROUNDS) -> tuple[float, float]:
    """Median wall and CPU milliseconds of an action, once warmed."""
    action()
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        action()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return 1e3 * statistics.median(walls), 1e3 * statistics.median(cpus)


def bare(engine: Engine, pair: tuple[bytes, bytes]) -> Callable[[], None]:
    """The bare kernels of one comparison, ready to be replayed."""
    detector, embedder = Recorder(engine.detector), Recorder(engine.embedder)
    recipe = engine.examiner.recipe
    compare(Examiner(detector, embedder, recipe.profile), pair, StageSums())
    sizes = [decode(data, Limits(), enough_px=ENOUGH_PX).pixels.shape for data in pair]

    def replay() -> None:
        for data, (height, width, _) in zip(pair, sizes, strict=True):
            with Pillow.open(io.BytesIO(data)) as picture:
                picture.draft("RGB", (width, height))
                picture.load()
        for network, tensors in ((engine.detector, detector.given), (engine.embedder, embedder.given)):
            for tensor in tensors:
                network.run(tensor)

    return replay
