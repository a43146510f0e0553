"""
The engine without HTTP: settings become networks, an examiner and a curve, here and nowhere else.

Nothing is downloaded: a weight that is not there is an error that says how to fetch it.
"""

import base64
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from threading import Lock

import cv2

from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.layout import Layout, layouts_from
from ipse.core.cards.reading import CardReading
from ipse.core.cards.sight import SideSight
from ipse.core.faces.examine import Examiner
from ipse.core.faces.holding import HolderExaminer
from ipse.core.faces.views import INPUTS_PX
from ipse.core.images import Limits
from ipse.core.scoring.calibration import Curve, CurveMismatch, curve_from_mapping, select
from ipse.core.text.find import FRAMES_PX
from ipse.core.text.reader import Reader
from ipse.core.text.recognise import alphabet
from ipse.core.vocabulary import Recipe, Stages
from ipse.infra.cores import cores
from ipse.infra.settings import Settings
from ipse.infra.trouble import SetupError, using
from ipse.models.manifest import Manifest, Role, Script, Weight
from ipse.models.readers import TesseractReader, open_line_reader
from ipse.models.session import OpenedNetwork, RuntimeChoice, RuntimeFacts, open_network
from ipse.models.trouble import NotFetchedError, WeightsError


class EngineError(SetupError):
    """The engine cannot be opened; the message says what to do."""


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
    """

    examiner: Examiner
    detector: OpenedNetwork
    embedder: OpenedNetwork
    weights: tuple[Weight, Weight]
    threads: int

    @property
    def holders(self) -> HolderExaminer:
        """Who finds out who holds which card; of the same networks."""
        return HolderExaminer(self.detector, self.embedder, self.examiner.recipe.profile)

    @property
    def facts(self) -> RuntimeFacts:
        """What really computes, as the runtime itself reports it."""
        return self.embedder.facts

    def warm_up(self) -> None:
        """Compile every size that a picture can lead to, so that no request pays for it."""
        with ThreadPoolExecutor(self.threads) as pool:
            begun = [pool.submit(self.embedder.warm_up)]
            begun += [pool.submit(self.detector.warm_up, (sides_px,)) for sides_px in INPUTS_PX]
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
    weights = _weight("detect"), _weight("embed")
    choice = RuntimeChoice(settings.runtime, settings.device, settings.precision, threads)
    with ThreadPoolExecutor(2) as pool:
        detector, embedder = pool.map(lambda weight: _open(weight, settings, choice), weights)
    return Engine(Examiner(detector, embedder, settings.profile), detector, embedder, weights, threads)


def open_reader(settings: Settings, *, warm: bool = True) -> Reader:
    """
    Who reads cards. Without the data for Thai or for machine-readable zones it opens all the same, and says so.

    Args:
        settings: Where the weights are, and who computes.
        warm: Compile every size now, so that no picture pays for it.

    Raises:
        EngineError: A weight is missing, changed or not allowed, or the runtime is not to be had.
    """
    choice = RuntimeChoice(settings.runtime, settings.device, settings.precision, thread_count(settings))
    cv2.setNumThreads(1)
    weights = _weight("find-text"), _weight("read-text")
    with ThreadPoolExecutor(2) as pool:
        finder, recogniser = pool.map(lambda weight: _open(weight, settings, choice), weights)
        if warm:
            begun = [pool.submit(recogniser.warm_up), pool.submit(finder.warm_up, FRAMES_PX)]
            for one in begun:
                one.result()
    return Reader(
        finder=finder,
        recogniser=recogniser,
        letters=alphabet(recogniser.notes["character"]),
        names=(weights[0].name, weights[1].name),
        thai=_line_reader("thai", settings),
        zone=_line_reader("mrz", settings),
    )


def open_cards(settings: Settings, engine: Engine) -> CardExaminer:
    """
    Who reads cards, at once; see `LateCards` for one who opens when the first card comes.

    Raises:
        EngineError: As `open_reader`.
    """
    key = base64.b64decode(settings.philid_public_key) if settings.philid_public_key else None
    return CardExaminer(open_reader(settings), engine.detector, card_layouts(), key, engine.embedder)


class LateCards:
    """
    Reads cards from the first one on: whoever only compares faces pays neither their memory nor their time.

    Args:
        open_now: Opens who reads them; called once.
    """

    def __init__(self, open_now: Callable[[], CardExaminer]) -> None:
        self._open_now = open_now
        self._lock = Lock()
        self._opened: CardExaminer | None = None

    @property
    def opened(self) -> CardExaminer:
        """Who reads them, opened if nobody did yet."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open_now()
            return self._opened

    def look(self, content: bytes, side: Side, said: Said, today: date, limits: Limits, stages: Stages) -> SideSight:
        """All that one side shows; see `CardExaminer.look`."""
        return self.opened.look(content, side, said, today, limits, stages)

    def judge(self, front: SideSight, back: SideSight | None, said: Said, today: date, stages: Stages) -> CardReading:
        """What both sides come to."""
        return self.opened.judge(front, back, said, today, stages)

    def portrait(self, front: SideSight) -> bytes | None:
        """The portrait on a side as a JPEG."""
        return self.opened.portrait(front)

    def view(self, sight: SideSight) -> bytes:
        """A side as if it lay flat, as a JPEG."""
        return self.opened.view(sight)

    def digest(self, sight: SideSight) -> str:
        """The hex SHA-256 of the picture as sent."""
        return self.opened.digest(sight)


def thread_count(settings: Settings) -> int:
    """How many pictures are computed at once: what was set, else what the CPU quota gives."""
    return settings.threads or cores()


def load_curve(settings: Settings, recipe: Recipe) -> Curve:
    """
    The curve for a recipe: the user's own if there is one, else the shipped one.

    Raises:
        EngineError: No curve was fitted with these weights at this precision, or a file is no curve.
        SetupError: The folder of the user's own curves cannot be read.
    """
    try:
        with using(settings.curves):
            return select(_curves(settings), recipe)
    except CurveMismatch as error:
        raise EngineError(str(error)) from None


def missing_weights(settings: Settings) -> tuple[str, ...]:
    """The files that have not been fetched yet; nothing is opened to know."""
    folder = settings.weights_dir
    files = (_weight("detect").file, _weight("embed").file)
    return tuple(file for file in files if not (folder / file).is_file())


def can_read_cards(settings: Settings) -> bool:
    """Whether cards are to be read here, and the weights that needs are there; nothing is opened to know."""
    needed = (_weight("find-text"), _weight("read-text"))
    return settings.cards != "off" and all((settings.weights_dir / weight.file).is_file() for weight in needed)


def card_scripts(settings: Settings) -> dict[str, bool]:
    """Of each script that needs data of its own, whether they have been fetched; nothing is opened to know."""
    return {one.role: (settings.weights_dir / one.file).is_file() for one in Manifest.load().scripts if one.default}


def _weight(role: Role) -> Weight:
    """The weight that is on by default for a role."""
    return Manifest.load().network(role)


def _line_reader(script: Script, settings: Settings) -> TesseractReader | None:
    """Who reads a script; nobody where its data have not been fetched."""
    data = Manifest.load().script(script)
    try:
        return open_line_reader(data, settings.weights_dir / data.file)
    except NotFetchedError:
        return None
    except WeightsError as error:
        raise EngineError(str(error)) from error


def _open(weight: Weight, settings: Settings, choice: RuntimeChoice) -> OpenedNetwork:
    """A network, or why not in words for a person."""
    path = settings.weights_dir / weight.file
    try:
        return open_network(weight, path, choice, allow_research=settings.allow_research_weights)
    except WeightsError as error:
        raise EngineError(str(error)) from error


def _curves(settings: Settings) -> Iterator[Curve]:
    """All curves, the user's own first, each read when it is asked for."""
    shipped = resources.files("ipse.core.scoring").joinpath("curves")
    for folder in (settings.curves, shipped):
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda one: one.name):
            if file.name.endswith(".toml"):
                yield _curve(file)


def card_layouts() -> tuple[Layout, ...]:
    """Give the layouts of all sides of all cards, as they are shipped."""
    folder = resources.files("ipse.core.cards").joinpath("layouts")
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return layouts_from(
        {file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    )


def _curve(file: Traversable) -> Curve:
    """One curve from its file."""
    try:
        return curve_from_mapping(tomllib.loads(file.read_text(encoding="utf-8")))
    except (ValueError, OSError) as error:
        raise EngineError(f"{file.name} is no curve: {error}") from None
