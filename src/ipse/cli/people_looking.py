"""Photos of people, looked at on all cores: what import and reindex share."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import Final, TypeVar

from ipse.core.faces.packing import pack
from ipse.core.images import Limits
from ipse.engine import Engine, open_engine
from ipse.infra.settings import Settings
from ipse.infra.store.people import Seen, recipe_word
from ipse.service.portrait import PhotoState, Portrait, portrait
from ipse.verifier import Untimed

Question = TypeVar("Question")
Answer = TypeVar("Answer")

REMEMBERED: Final = 4096
"""Photos that are recognised when they come again, so that many rows may share one: about 3 MB of templates."""


class Looker:
    """
    Looks at photos, at each only once as long as it is remembered.

    Args:
        engine: Who looks.
    """

    def __init__(self, engine: Engine) -> None:
        self.limits = Limits()
        self.recipe = recipe_word(engine.examiner.recipe)
        self._engine = engine
        self._remembered: OrderedDict[str, Portrait] = OrderedDict()
        self._lock = Lock()
        self._first = Lock()
        self._is_warm = False
        self._pool = ThreadPoolExecutor(engine.threads, thread_name_prefix="looking")

    def look(self, photo: bytes, digest: str) -> Portrait:
        """What a photo shows."""
        with self._lock:
            known = self._remembered.get(digest)
        if known is not None:
            return known
        shown = self._look_alone(photo) if not self._is_warm else self._look(photo)
        with self._lock:
            self._remembered[digest] = shown
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return shown

    def seen(self, shown: Portrait) -> Seen:
        """What a photo showed, as its row has it."""
        template = None if shown.template is None else pack(shown.template)
        recipe = None if shown.state is PhotoState.ABSENT else self.recipe
        return Seen(shown.state.value, shown.monochrome, template, recipe)

    def each(self, work: Callable[[Question], Answer], questions: Iterable[Question]) -> list[Answer]:
        """The answers, worked out side by side, in the order of the questions."""
        return list(self._pool.map(work, questions))

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(cancel_futures=True)

    def _look(self, photo: bytes) -> Portrait:
        """What a photo shows, whether or not it was looked at before."""
        return portrait(photo, self._engine.examiner, self.limits, Untimed())

    def _look_alone(self, photo: bytes) -> Portrait:
        """
        The same while nobody else looks, until there was a face.

        Runtimes set themselves up on first use, and OpenVINO 2026.4 can lock itself up when two threads do that at once
        (a static in its Python binding waits for the interpreter lock).
        """
        with self._first:
            shown = self._look(photo)
            self._is_warm = self._is_warm or shown.template is not None
            return shown


@contextmanager
def looking(settings: Settings) -> Iterator[Looker]:
    """
    A looker with the engine that the settings ask for, for as long as the block lasts.

    Raises:
        SetupError: The engine cannot be opened.
    """
    looker = Looker(open_engine(settings))
    try:
        yield looker
    finally:
        looker.close()
