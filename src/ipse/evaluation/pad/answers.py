"""What the judgements say of many pictures at once, in the order of the list whatever the number of threads."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.judgement import JudgementName, Judgements, Status, is_genuine
from ipse.core.genuineness.policy import Verdict, verdict
from ipse.core.images import Limits
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import Profile, Stages
from ipse.evaluation.acquire import FileTrouble, Why
from ipse.evaluation.pad.labels import Presentation


class Judges(Protocol):
    """Whoever judges captures; safe to call from several threads at once."""

    @property
    def profile(self) -> Profile:
        """How templates are made."""
        ...

    def look(
        self, name: str, content: bytes, limits: Limits, stages: Stages, *, template: Profile | None = None
    ) -> Shot:
        """Give what one picture shows; `Refusal` if it cannot be read."""
        ...

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Give every judgement about a capture."""
        ...


@dataclass(frozen=True)
class Answer:
    """
    What came of one presentation.

    Attributes:
        presentation: Which.
        judgements: All of them; none where the picture could not be read.
        trouble: Why it could not.
    """

    presentation: Presentation
    judgements: Judgements
    trouble: Why | None = None

    @property
    def verdict(self) -> Verdict | None:
        """What follows under the default policy; `None` where nothing could be assessed."""
        return None if is_genuine(self.judgements) is None else verdict(self.judgements, MappingProxyType({}))

    @property
    def why_none(self) -> str | None:
        """Why nothing was assessed, in stable words; `None` where something was."""
        if self.trouble is not None:
            return str(self.trouble)
        if self.verdict is not None:
            return None
        return ", ".join(dict.fromkeys(one.why for one in self.judgements.values() if one.why)) or "nothing_assessed"

    def at(self, thresholds: Mapping[JudgementName, float]) -> "Answer":
        """Give what would have come of it at other thresholds; a judgement that is not named keeps its own."""
        judgements = dict(self.judgements)
        for name, threshold in thresholds.items():
            judged = judgements.get(name)
            if judged is not None and judged.score is not None:
                status = Status.SUSPECTED if judged.score >= threshold else Status.CLEAR
                judgements[name] = replace(judged, status=status, threshold=threshold, error_rate=None)
        return replace(self, judgements=judgements)


def ask(
    presentations: Sequence[Presentation],
    judges: Judges,
    stages: Stages,
    workers: int = 1,
    advance: Callable[[], object] = lambda: None,
) -> tuple[Answer, ...]:
    """
    Give what the judgements say of every presentation.

    Args:
        presentations: What is presented.
        judges: Who judges.
        stages: Times what is done.
        workers: Threads that ask at the same time.
        advance: Called after every presentation, for a progress bar.
    """

    def one(presentation: Presentation) -> Answer:
        try:
            return Answer(presentation, judges.judge(_capture(presentation, judges, stages), stages))
        except Refusal as refusal:
            return Answer(presentation, {}, refusal.reason)
        except FileNotFoundError:
            return Answer(presentation, {}, FileTrouble.MISSING)
        except OSError:
            return Answer(presentation, {}, FileTrouble.UNREADABLE)
        finally:
            advance()

    # The first one alone: see `ipse.evaluation.acquire`.
    first = [one(presentation) for presentation in presentations[:1]]
    with ThreadPoolExecutor(workers) as pool:
        return (*first, *pool.map(one, presentations[1:]))


def _capture(presentation: Presentation, judges: Judges, stages: Stages) -> Capture:
    """Give the picture, and the one of its surroundings if there is one, as a capture."""

    def look(name: str, file: Path) -> Shot:
        return judges.look(name, file.read_bytes(), Limits(), stages, template=judges.profile)

    best = look("image_best", presentation.picture)
    return Capture(best, None if presentation.env is None else look("image_env", presentation.env))
