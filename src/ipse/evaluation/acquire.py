"""Templates of many pictures at once, and the list of pictures that gave none."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ipse.core.reasons import Reason, Refusal
from ipse.core.vocabulary import Floats, Recipe, Template

SubjectWord: TypeAlias = Literal["largest", "centre"]


class Templates(Protocol):
    """Whatever makes templates of pictures; safe to call from several threads at once."""

    def template(self, picture: Path, subject: SubjectWord) -> Template:
        """Give the subject's template; `Refusal` if there is none."""
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
    """

    vectors: Floats
    pictures: NDArray[np.int32]
    failures: tuple[Failure, ...]
    recipe: Recipe


def acquire(
    pictures: Sequence[Path],
    templates: Templates,
    subject: SubjectWord,
    workers: int = 1,
    advance: Callable[[], object] = lambda: None,
) -> Gallery:
    """
    Give the templates of all pictures, in their order whatever the number of threads.

    Args:
        pictures: Where they lie.
        templates: Who makes them.
        subject: Which face of several.
        workers: Threads that ask at the same time.
        advance: Called after every picture, for a progress bar.

    Raises:
        NothingAcquired: Not one picture gave a template.
    """

    def one(picture: Path) -> Template | Why:
        try:
            return templates.template(picture, subject)
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
    outcomes: list[Template | Why] = []
    while len(outcomes) < len(pictures) and not (outcomes and isinstance(outcomes[-1], Template)):
        outcomes.append(one(pictures[len(outcomes)]))
    with ThreadPoolExecutor(workers) as pool:
        outcomes.extend(pool.map(one, pictures[len(outcomes) :]))
    made = [(number, outcome) for number, outcome in enumerate(outcomes) if isinstance(outcome, Template)]
    failures = tuple(Failure(number, outcome) for number, outcome in enumerate(outcomes) if isinstance(outcome, Why))
    if not made:
        raise NothingAcquired(f"none of the {len(pictures)} pictures gave a template: {failures[0].reason}")
    return Gallery(
        vectors=np.stack([template.vector for _, template in made]),
        pictures=np.array([number for number, _ in made], np.int32),
        failures=failures,
        recipe=made[0][1].recipe,
    )
