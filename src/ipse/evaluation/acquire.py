"""Templates of many pictures at once, and the list of pictures that gave none."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.core.faces.examine import Examination, Wish
from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import SUGGESTED_QUALITY, Floats, Recipe, Subject, Template

SubjectWord: TypeAlias = Literal["largest", "centre"]


class Examines(Protocol):
    """Whatever examines pictures; safe to call from several threads at once."""

    def examine(self, picture: Path, wish: Wish) -> Examination:
        """Give what was found; `Refusal` if the picture cannot be read."""
        ...


class NothingAcquired(ValueError):  # noqa: N818  # says what happened
    """Not one picture gave a template."""


class FileTrouble(StrEnum):
    """Why a picture could not even be opened."""

    MISSING = "file_missing"
    UNREADABLE = "file_unreadable"


Why: TypeAlias = Reason | FileTrouble


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture that gave no template, and why."""

    picture: int
    reason: Why


@dataclass(frozen=True)
class Gallery:
    """
    The templates that were made.

    Attributes:
        vectors: (N, D) float32, rows of length 1.
        pictures: (N,) int32: which picture of the trials each row is.
        failures: The pictures that gave none.
        recipe: What made them.
        quality: (N,) float32: unified quality of each row's face, empty where nobody judged it.
    """

    vectors: Floats
    pictures: NDArray[np.int32]
    failures: tuple[Failure, ...]
    recipe: Recipe
    quality: Floats = field(default_factory=lambda: np.empty(0, np.float32))

    @property
    def below_suggested(self) -> float | None:
        """Share of the faces whose unified quality is below the suggested 30.1; `None` where nobody judged it."""
        return float((self.quality < np.float32(SUGGESTED_QUALITY)).mean()) if len(self.quality) else None


def acquire(
    pictures: Sequence[Path],
    examiner: Examines,
    subject: SubjectWord,
    workers: int = 1,
    advance: Callable[[], object] = lambda: None,
) -> Gallery:
    """
    Give the templates of all pictures, in their order whatever the number of threads.

    Args:
        pictures: Where they lie.
        examiner: Who makes them.
        subject: Which face of several.
        workers: Threads that ask at the same time.
        advance: Called after every picture, for a progress bar.

    Raises:
        NothingAcquired: Not one picture gave a template.
    """
    wish = Wish(subject=Subject(subject), quality="subject")

    def one(picture: Path) -> _Made | Why:
        try:
            return _made(examiner.examine(picture, wish))
        except Refusal as refusal:
            return refusal.reason
        except (FileNotFoundError, NotADirectoryError):
            return FileTrouble.MISSING
        except OSError:
            return FileTrouble.UNREADABLE
        finally:
            advance()

    # Runtimes set themselves up on first use, and OpenVINO 2026.4 can lock itself up when two threads do that at once
    # (a static in its Python binding waits for the interpreter lock), so the first template is made alone.
    outcomes: list[_Made | Why] = []
    while len(outcomes) < len(pictures) and not (outcomes and isinstance(outcomes[-1], _Made)):
        outcomes.append(one(pictures[len(outcomes)]))
    with ThreadPoolExecutor(workers) as pool:
        outcomes.extend(pool.map(one, pictures[len(outcomes) :]))
    made = [(number, outcome) for number, outcome in enumerate(outcomes) if isinstance(outcome, _Made)]
    failures = tuple(Failure(number, outcome) for number, outcome in enumerate(outcomes) if isinstance(outcome, Why))
    if not made:
        raise NothingAcquired(f"none of the {len(pictures)} pictures gave a template: {failures[0].reason}")
    return Gallery(
        vectors=np.stack([one.template.vector for _, one in made]),
        pictures=np.array([number for number, _ in made], np.int32),
        failures=failures,
        recipe=made[0][1].template.recipe,
        quality=np.array([one.quality for _, one in made if one.quality is not None], np.float32),
    )


@dataclass(frozen=True, slots=True)
class _Made:
    """What one picture gave."""

    template: Template
    quality: float | None


def _made(found: Examination) -> _Made | Why:
    """Give the subject's template and quality, or why there are none."""
    if found.template is None:
        return Reason.FACE_MISSING
    return _Made(found.template, None if found.quality is None else found.quality.unified)
