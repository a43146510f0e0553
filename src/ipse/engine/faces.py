"""Who finds, judges and compares faces."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2

from ipse.core.faces.examine import Examiner
from ipse.core.faces.holding import HolderExaminer
from ipse.core.faces.views import INPUTS_PX
from ipse.core.images import PLACE
from ipse.engine.networks import EngineError, default_weight, open_weight, runtime_choice, thread_count
from ipse.infra.decoding import LimitedDecoding, hide_memory
from ipse.infra.settings import Settings
from ipse.models.manifest import Weight
from ipse.models.runtime import OpenedNetwork, RuntimeFacts


@dataclass(frozen=True, slots=True)
class Engine:
    """
    What computes, open.

    Attributes:
        examiner: Bytes of a picture in, faces, quality and template out. Safe to use from several threads.
        detector: The network that finds faces.
        embedder: The network that makes templates.
        weights: What the manifest says of both, in this order.
        threads: How many pictures are computed at once.
        decoding: The processes that expand them, if it is not done here.
    """

    examiner: Examiner
    detector: OpenedNetwork
    embedder: OpenedNetwork
    weights: tuple[Weight, Weight]
    threads: int
    decoding: LimitedDecoding | None = None

    @property
    def holders(self) -> HolderExaminer:
        """Who finds out who holds which card; of the same networks."""
        return HolderExaminer(self.detector, self.embedder, self.examiner.recipe.profile)

    @property
    def facts(self) -> RuntimeFacts:
        """What really computes, as the runtime itself reports it."""
        return self.embedder.facts

    def warm_up(self, go_on: Callable[[], None] = lambda: None) -> None:
        """
        Compile every size that a picture can lead to, so that no request pays for it.

        Args:
            go_on: Said before each; what it raises ends the warming up, and is raised here.
        """

        def detect(sides_px: tuple[int, int]) -> None:
            go_on()
            self.detector.warm_up((sides_px,))

        with ThreadPoolExecutor(self.threads) as pool:
            begun = [pool.submit(self.embedder.warm_up), *(pool.submit(detect, sides_px) for sides_px in INPUTS_PX)]
            for one in begun:
                one.result()


def open_engine(settings: Settings) -> Engine:
    """
    The engine that the settings ask for; both networks are opened at the same time.

    Raises:
        EngineError: A weight is missing, changed or not allowed, or the runtime is not to be had.
    """
    threads = thread_count(settings)
    # Each picture is computed on one thread of the pool; OpenCV's own threads would fight them for the same cores.
    cv2.setNumThreads(1)
    decoding = open_decoding(settings)
    weights = default_weight("detect"), default_weight("embed")
    choice = runtime_choice(settings)
    with ThreadPoolExecutor(2) as pool:
        detector, embedder = pool.map(lambda weight: open_weight(weight, settings, choice), weights)
    return Engine(Examiner(detector, embedder, settings.profile), detector, embedder, weights, threads, decoding)


def open_decoding(settings: Settings) -> LimitedDecoding | None:
    """
    The processes in which this one expands pictures from now on; nobody where it does that itself.

    Raises:
        EngineError: Such processes are not to be had here.
    """
    if settings.decode_in == "thread":
        PLACE.move(None)
        return None
    if sys.platform != "linux":
        raise EngineError("Pictures are expanded in limited processes on Linux only: set IPSE_DECODE_IN=thread.")
    hide_memory()
    decoding = LimitedDecoding(thread_count(settings))
    PLACE.move(decoding)
    return decoding


def missing_weights(settings: Settings) -> tuple[str, ...]:
    """The files that have not been fetched yet; nothing is opened to know."""
    folder = settings.weights_dir
    files = (default_weight("detect").file, default_weight("embed").file)
    return tuple(file for file in files if not (folder / file).is_file())
