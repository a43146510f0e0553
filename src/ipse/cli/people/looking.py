"""Photos of people, looked at on all cores: what import and reindex share."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from threading import Lock
from typing import Final, TypeVar

from ipse.core.faces.packing import pack
from ipse.core.images import Limits
from ipse.engine import Engine, open_engine, thread_count
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
        settings: What the engine is opened with, when the first photo comes.
    """

    def __init__(self, settings: Settings) -> None:
        self.limits = Limits()
        self._settings = settings
        self._remembered: OrderedDict[str, Portrait] = OrderedDict()
        self._lock = Lock()
        self._first = Lock()
        self._is_warm = False
        self._pool = ThreadPoolExecutor(thread_count(settings), thread_name_prefix="looking")

    @cached_property
    def engine(self) -> Engine:
        """
        Who looks.

        Raises:
            SetupError: It cannot be opened.
        """
        return open_engine(self._settings)

    @cached_property
    def recipe(self) -> str:
        """What photos are looked at with."""
        return recipe_word(self.engine.examiner.recipe)

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
        return portrait(photo, self.engine.examiner, self.limits, Untimed())

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
    """A looker with the engine that the settings ask for, for as long as the block lasts."""
    looker = Looker(settings)
    try:
        yield looker
    finally:
        looker.close()
