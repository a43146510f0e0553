"""Who reads cards, opened at once or with the first card."""

import base64
import tomllib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import resources
from threading import Lock

import cv2

from ipse.core.cards.card import Said, Side
from ipse.core.cards.examine import CardExaminer
from ipse.core.cards.layout import Layout, layouts_from
from ipse.core.cards.reading import CardReading
from ipse.core.cards.sight import SideSight
from ipse.core.images import Limits
from ipse.core.text.find import FRAMES_PX
from ipse.core.text.reader import Reader
from ipse.core.text.recognise import alphabet
from ipse.core.vocabulary import Stages
from ipse.engine.faces import Engine
from ipse.engine.networks import EngineError, default_weight, open_weight, runtime_choice
from ipse.infra.settings import Settings
from ipse.models.manifest import Manifest, Script
from ipse.models.readers import TesseractReader, open_line_reader
from ipse.models.trouble import NotFetchedError, WeightsError


def open_reader(settings: Settings, *, warm: bool = True) -> Reader:
    """
    Who reads cards. Without the data for Thai or for machine-readable zones it opens all the same, and says so.

    Args:
        settings: Where the weights are, and who computes.
        warm: Compile every size now, so that no picture pays for it.

    Raises:
        EngineError: A weight is missing, changed or not allowed, or the runtime is not to be had.
    """
    choice = runtime_choice(settings)
    cv2.setNumThreads(1)
    weights = default_weight("find-text"), default_weight("read-text")
    with ThreadPoolExecutor(2) as pool:
        finder, recogniser = pool.map(lambda weight: open_weight(weight, settings, choice), weights)
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


def can_read_cards(settings: Settings) -> bool:
    """Whether cards are to be read here, and the weights that needs are there; nothing is opened to know."""
    needed = (default_weight("find-text"), default_weight("read-text"))
    return settings.cards != "off" and all((settings.weights_dir / weight.file).is_file() for weight in needed)


def card_scripts(settings: Settings) -> dict[str, bool]:
    """Of each script that needs data of its own, whether they have been fetched; nothing is opened to know."""
    return {one.role: (settings.weights_dir / one.file).is_file() for one in Manifest.load().scripts if one.default}


def _line_reader(script: Script, settings: Settings) -> TesseractReader | None:
    """Who reads a script; nobody where its data have not been fetched."""
    data = Manifest.load().script(script)
    try:
        return open_line_reader(data, settings.weights_dir / data.file)
    except NotFetchedError:
        return None
    except WeightsError as error:
        raise EngineError(str(error)) from error


def card_layouts() -> tuple[Layout, ...]:
    """Give the layouts of all sides of all cards, as they are shipped."""
    folder = resources.files("ipse.core.cards").joinpath("layouts")
    files = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    return layouts_from(
        {file.name.removesuffix(".toml"): tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    )
