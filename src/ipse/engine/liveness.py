"""Who judges captures, opened at once or with the first capture."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Final

from ipse.core.genuineness.capture import Capture, Shot
from ipse.core.genuineness.evidence import Networks
from ipse.core.genuineness.examine import GenuinenessExaminer
from ipse.core.genuineness.judgement import NAMES, JudgementName, Judgements, OperatingPoint
from ipse.core.genuineness.look import Looker
from ipse.core.images import Limits
from ipse.core.vocabulary import Profile, Stages
from ipse.engine.faces import Engine
from ipse.engine.networks import open_weight, runtime_choice
from ipse.infra.settings import Settings
from ipse.models.manifest import Judging, Manifest, Role, Weight

LIVENESS_ROLES: Final[tuple[Role, ...]] = ("presentation", "landmarks", "eyes", "mask", "synthetic")
"""What the networks of the judgements are for."""


class LateGenuineness:
    """
    Judges captures from the first one on: whoever only compares faces pays neither their memory nor their time.

    Args:
        open_now: Opens who judges them; called once.
        points: What each judgement is worth, which is known before.
        profile: How the templates of pictures that are compared are made.
    """

    def __init__(
        self,
        open_now: Callable[[], GenuinenessExaminer],
        points: Mapping[JudgementName, OperatingPoint],
        profile: Profile,
    ) -> None:
        self._open_now = open_now
        self._points = points
        self._profile: Profile = profile
        self._lock = Lock()
        self._opened: GenuinenessExaminer | None = None

    @property
    def points(self) -> Mapping[JudgementName, OperatingPoint]:
        """From which score on each judgement suspects."""
        return self._points

    @property
    def profile(self) -> Profile:
        """How the templates of the pictures that are compared are made."""
        return self._profile

    @property
    def opened(self) -> GenuinenessExaminer:
        """Who judges them, opened if nobody did yet."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open_now()
            return self._opened

    def look(
        self, name: str, content: bytes, limits: Limits, stages: Stages, *, template: Profile | None = None
    ) -> Shot:
        """What one picture of a capture shows; see `GenuinenessExaminer.look`."""
        return self.opened.look(name, content, limits, stages, template=template)

    def judge(self, capture: Capture, stages: Stages) -> Judgements:
        """Every judgement about a capture."""
        return self.opened.judge(capture, stages)


@dataclass(frozen=True, slots=True)
class Liveness:
    """Who judges captures, and which weights that takes."""

    examiner: GenuinenessExaminer
    weights: tuple[Weight, ...]


def open_genuineness(settings: Settings, engine: Engine) -> Liveness:
    """
    Who judges whether a capture is genuine, warm. A network that was not fetched leaves its judgement not assessed.

    Raises:
        EngineError: A weight is changed or not allowed, or the runtime is not to be had.
    """
    choice = runtime_choice(settings)
    chosen = liveness_weights(settings)
    opened = {role: open_weight(weight, settings, choice) for role, weight in chosen.items()}
    for network in opened.values():
        network.warm_up()
    networks = Networks(
        presentation=opened.get("presentation"),
        landmarks=opened.get("landmarks"),
        eyes=opened.get("eyes"),
        mask=opened.get("mask"),
        synthetic=opened.get("synthetic"),
    )
    looker = Looker(engine.detector, engine.embedder, engine.examiner.recipe.profile)
    return Liveness(GenuinenessExaminer(looker, networks, operating_points(settings)), tuple(chosen.values()))


def liveness_weights(settings: Settings) -> dict[Role, Weight]:
    """
    The weights of the judgements that are here and allowed, by role; nothing is opened to know.

    Of two for one role the research weight counts: whoever allows and fetches it wants it.
    """
    found: dict[Role, Weight] = {}
    for role in LIVENESS_ROLES:
        candidates = Manifest.load().candidates(role, research=settings.allow_research_weights)
        for weight in sorted(candidates, key=lambda one: one.commercial):
            if (settings.weights_dir / weight.file).is_file():
                found.setdefault(role, weight)
    return found


def operating_points(settings: Settings) -> dict[JudgementName, OperatingPoint]:
    """From which score on each judgement suspects with the weights that are here; nothing is opened to know."""
    return {name: _point(name, entry) for name, entry in _entries(settings).items()}


def liveness_facts(settings: Settings) -> dict[str, object]:
    """
    What `/readyz`, the log and `ipse doctor` tell of captures: of each judgement whether it is assessed, from which
    score on it suspects, how often genuine ones reach that, and which networks say so; nothing is opened to know.
    """
    here = {weight.name: weight for weight in liveness_weights(settings).values()}
    told: dict[str, object] = {}
    for name, entry in _entries(settings).items():
        point = _point(name, entry)
        told[name] = {
            "assessed": point.assessed and settings.liveness != "off",
            "threshold": point.threshold,
            "error_rate": point.bpcer,
            "why": "off" if settings.liveness == "off" else point.why,
            "weights": [_weight(here[one]) for one in (() if entry is None else entry.weights)],
        }
    return {"opened": settings.liveness, "judgements": told}


def _weight(weight: Weight) -> dict[str, object]:
    """What is told of a network."""
    return {
        "name": weight.name,
        "sha256": weight.digest,
        "licence": weight.weights_license.name,
        "commercial": weight.commercial,
    }


def _entries(settings: Settings) -> dict[JudgementName, Judging | None]:
    """What the manifest says of each judgement: of several entries the first whose weights are here."""
    here = {weight.name for weight in liveness_weights(settings).values()}
    fit = [one for one in Manifest.load().judgements if set(one.weights) <= here]
    return {name: next((one for one in fit if one.name == name), None) for name in NAMES}


def _point(name: JudgementName, entry: Judging | None) -> OperatingPoint:
    """The operating point of one judgement."""
    if entry is None:
        return OperatingPoint(name, assessed=False, threshold=0.5, why="weights_missing")
    return OperatingPoint(name, entry.assessed, entry.threshold, entry.bpcer, entry.why)
