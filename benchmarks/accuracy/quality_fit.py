"""
The numbers of `ipse.core.faces.quality`, fitted on half of the people and written into the package.

    python benchmarks/accuracy/quality_fit.py --folders ../shared/data/faces

Every picture of that half is looked at as it is and three times damaged (all kinds of `degrade.py`, severities at
random). From this come: the proportions of a head, the mean face, the weights of the cues to a covered part, the slope
of each measure, and the two unified models. People used here appear in no figure that `quality_report.py` reports.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from degrade import KINDS, MORE
from numpy.typing import NDArray
from quality_look import Damage, Picture, Seen, arguments, look_at, pictures, stacked, threshold
from quality_tables import Tables, write
from scipy.optimize import minimize

from ipse.core.faces.quality import unified, visibility
from ipse.core.faces.quality.head_pose import proportions
from ipse.core.faces.quality.scale import Sigmoid
from ipse.core.faces.quality.visibility import PARTS, Part, Views, look
from ipse.core.faces.quality.weights import Cues, Weights
from ipse.core.vocabulary import Floats

Reals = NDArray[np.float64]

FMR = 1e-3
"""Operating point at which the unified score counts a picture as recognised, from issue 2."""

STRICT_FMR = 1e-5
"""
Operating point at which a single measure does: at 1e-3 a face 8 px from eye to eye still matches, and no measure would
ever warn.
"""

DAMAGE_SEEDS = (101, 102, 103)
"""Each picture of the half is damaged once per seed."""

SUGGESTED = 30.1
"""Megvii's suggested threshold for `face_quality_threshold`."""

CLEAN_BELOW = 0.004
"""Share of the clean pictures that fall below it: half of the hundredth that issue 2 allows, less sampling error."""

ODD = 0.005
"""Share of the clean pictures whose light is so odd that it scores below 30.1."""

USUAL = 90.0
"""What the median clean picture scores: full marks are for better pictures than press photographs."""


POSE = Sigmoid(x0=45.0, w=-14.32)
"""
Slope of an angle: middle and steepness are those of 100 cos^2, `w = -180 / (4 pi)`.

Source: ISO/IEC 29794-5 *head pose* as OFIQ computes it (`HeadPose.cpp`); press photographs hold too few turned heads to
fit another.
"""


@dataclass(frozen=True)
class Trials:
    """
    Genuine comparisons of each looked-at picture with the clean pictures of the same person.

    Attributes:
        seen: What was looked at.
        row: Which of `seen`.
        matched: 1 where the comparison exceeded the threshold.
        weight: One picture weighs 1, however many clean mates it has.
    """

    seen: Sequence[Seen]
    row: NDArray[np.int64]
    matched: Reals
    weight: Reals

    def only(self, wanted: Callable[[Seen], bool]) -> "Trials":
        """Give the trials of some pictures."""
        keep = np.array([wanted(one) for one in self.seen])[self.row]
        return Trials(self.seen, self.row[keep], self.matched[keep], self.weight[keep])


def damages(folder: Sequence[Picture], seed: int) -> list[tuple[int, Damage | None]]:
    """Give the fitted half damaged, as many pictures by each kind as by any other."""
    kinds = [*KINDS, *MORE]
    fitted = [number for number, picture in enumerate(folder) if picture.fitted]
    order = np.random.default_rng(seed).permutation(len(fitted))
    return [(fitted[int(which)], Damage(kinds[place % len(kinds)], seed)) for place, which in enumerate(order)]


def trials(clean: Sequence[Seen], seen: Sequence[Seen], similarity: float) -> Trials:
    """Give the genuine comparisons of `seen` with `clean`, never of a picture with itself."""
    vectors, people = stacked(clean)
    numbers = np.array([one.picture for one in clean])
    rows, matched, weights = [], [], []
    for row, one in enumerate(seen):
        mates = np.flatnonzero((people == one.person) & (numbers != one.picture))
        for mate in mates:
            rows.append(row)
            matched.append(float(vectors[mate] @ one.vector > similarity))
            weights.append(1 / len(mates))
    return Trials(seen, np.array(rows), np.array(matched), np.array(weights))


def logistic(x: Reals, y: Reals, weight: Reals, ridge: float = 1e-3) -> Reals:
    """
    Give bias and slopes of a logistic regression; features are standardised for the ridge, slopes are in raw units.

    Shape: x (N, F), y (N,), weight (N,) -> (F + 1,), the bias first.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-12
    design = np.column_stack((np.ones(len(x)), (x - mean) / spread))
    weight = weight / weight.sum()

    def loss(slopes: Reals) -> tuple[float, Reals]:
        odds = design @ slopes
        shrunk = np.concatenate(([0.0], slopes[1:]))
        value = (weight * (np.logaddexp(0, odds) - y * odds)).sum() + ridge * (shrunk**2).sum()
        return float(value), design.T @ (weight * (1 / (1 + np.exp(-odds)) - y)) + 2 * ridge * shrunk

    slopes = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B").x
    raw = slopes[1:] / spread
    return np.concatenate(([slopes[0] - raw @ mean], raw))


def slope(chosen: Trials, value: Callable[[Seen], float]) -> Sigmoid:
    """Give the sigmoid that takes a raw value to the share of such faces that still match: 100 x probability."""
    values = np.array([value(one) for one in chosen.seen])[chosen.row]
    known = np.isfinite(values)
    bias, rise = logistic(values[known, None], chosen.matched[known], chosen.weight[known], ridge=1e-4)
    return Sigmoid(x0=_short(-bias / rise), w=_short(1 / rise))


def anchored(low: float, at_low: float, high: float, at_high: float) -> Sigmoid:
    """Give the sigmoid through two points: `low` scores `at_low`, `high` scores `at_high`."""
    odds_low, odds_high = (math.log(score / (100 - score)) for score in (at_low, at_high))
    w = (high - low) / (odds_high - odds_low)
    return Sigmoid(x0=_short(low - w * odds_low), w=_short(w))


def head(clean: Sequence[Seen]) -> tuple[float, float, float]:
    """
    Give eye span, nose depth and nose height in units of the distance from eyes to mouth.

    Turning the head moves (nose offset / depth, eye span / frontal span) round a circle, so squared span against
    squared offset is a straight line.
    """
    seen = np.array([proportions(one.face.landmarks_px) for one in clean if one.face is not None])
    span, offset, height = seen.T
    line = np.linalg.lstsq(np.column_stack((np.ones(len(span)), offset**2)), span**2, rcond=None)[0]
    return _short(math.sqrt(line[0])), _short(math.sqrt(-line[0] / line[1])), _short(float(np.median(height)))


def mean_face(views: Sequence[Views]) -> Floats:
    """Give the mean brightness of each cell."""
    return np.asarray(np.round(np.mean([view.cells[:, :, 1] for view in views], axis=0)), np.float32)


def cue_weights(seen: Sequence[Seen], views: Sequence[Views], part: Part, usual: Floats) -> Cues:
    """Give the weights that tell a covered part (six tenths of it) from a seen one (less than one tenth covered)."""
    found = np.array([visibility.cues(view, part, usual) for view in views])
    area = (slice(part.rows.start * 4, part.rows.stop * 4), slice(part.columns.start * 4, part.columns.stop * 4))
    hidden = np.array([0.0 if one.covered is None else float(one.covered[area].mean()) for one in seen])
    covered, plain = hidden > 0.6, hidden < 0.1
    weight = np.where(covered, 1 / covered.sum(), plain / plain.sum())
    used = covered | plain
    bias, texture, colour, likeness = logistic(found[used], plain[used].astype(float), weight[used])
    return Cues(_short(bias), _short(texture), _short(colour), _short(likeness))


EMBEDDED = ("confidence", "sharpness", "size", "norm")
"""Features of the model for embedded faces: any other left the cross-validated likelihood where it was."""

BARE = ("confidence", "sharpness", "size", "compression", "dynamic_range")
"""Features of the model for faces without an embedding."""


def model(all_trials: Trials, clean: Sequence[Seen], names: Sequence[str]) -> Weights:
    """Give a unified model of the named features, and its scale."""
    features = np.array([[getattr(features_of(one), name) for name in names] for one in all_trials.seen])
    bias, *found = logistic(features[all_trials.row], all_trials.matched, all_trials.weight)
    weights = dict.fromkeys(("confidence", "sharpness", "size", "compression", "dynamic_range", "norm"), 0.0)
    weights |= {name: _short(value) for name, value in zip(names, found, strict=True)}
    unscaled = Weights(bias=_short(bias), **weights, scale=Sigmoid(0.0, 1.0))
    odds = np.array([unified.logit(features_of(one), unscaled) for one in clean])
    scale = anchored(float(np.quantile(odds, CLEAN_BELOW)), SUGGESTED, float(np.median(odds)), USUAL)
    return replace(unscaled, scale=scale)


def features_of(one: Seen) -> unified.Features:
    """Give what the unified models weigh, from what was seen."""
    if one.face is None:
        raise ValueError("Nothing was seen.")
    return unified.features(one.face.score, one.quality.measures, one.norm)


def _short(value: float) -> float:
    """Give a number with four significant digits: more would pretend."""
    return float(f"{value:.4g}")


def slopes(strict: Trials) -> dict[str, Sigmoid]:
    """
    Give the slope of every measure that a damage can scale, each from the pictures with that damage alone.

    Clean pictures are left out: their few failures are wrong labels and grown beards, and would flatten every slope.
    """

    def fitted(raw: str, wanted: Callable[[Seen], bool]) -> Sigmoid:
        return slope(strict.only(wanted), lambda one: one.raw(raw))

    return {
        "INTER_EYE_DISTANCE": fitted("inter_eye_distance", lambda one: one.kind == "small" and one.resized),
        "SHARPNESS": fitted("sharpness", lambda one: one.kind == "blur"),
        "COMPRESSION": fitted("compression_artifacts", lambda one: one.kind == "jpeg"),
    }


def light(clean: Sequence[Seen]) -> dict[str, Sigmoid]:
    """
    Give the slopes of the measures of light: the median of the clean pictures scores `USUAL`, the odd one 30.1.

    The network hardly minds the light that the detector can still see a face in (a fit against matching gave slopes
    that forgive a black face), so these say how unusual the light is.
    """

    def anchors(name: str, odd: float, usual: float = USUAL) -> Sigmoid:
        values = np.array([one.raw(name) for one in clean])
        return anchored(float(np.quantile(values, odd)), SUGGESTED, float(np.median(values)), usual)

    both = 100 * math.sqrt(USUAL / 100)  # the mean's two sides are multiplied
    return {
        "ILLUMINATION_UNIFORMITY": anchors("illumination_uniformity", 10 * ODD),
        "LUMINANCE_MEAN_DARK": anchors("luminance_mean", ODD, both),
        "LUMINANCE_MEAN_BRIGHT": anchors("luminance_mean", 1 - ODD, both),
        "LUMINANCE_VARIANCE": anchors("luminance_variance", ODD),
        "UNDER_EXPOSURE": anchors("under_exposure_prevention", 1 - ODD),
        "OVER_EXPOSURE": anchors("over_exposure_prevention", 1 - ODD),
        "DYNAMIC_RANGE": anchors("dynamic_range", ODD),
    }


def fit(clean: Sequence[Seen], damaged: Sequence[Seen]) -> Tables:
    """Give all tables."""
    similarity = threshold(clean, FMR)
    seen = [one for one in (*clean, *damaged) if one.face is not None]
    views = [look(one.aligned) for one in seen]
    usual = mean_face(views[: len(clean)])
    cues = {part.name: cue_weights(seen, views, part, usual) for part in PARTS}
    shown = {id(one): visibility.share_seen(view, usual, cues) for one, view in zip(seen, views, strict=True)}
    every = trials(clean, seen, similarity)
    strict = trials(clean, seen, threshold(clean, STRICT_FMR))
    hidden = strict.only(lambda one: one.kind == "covered")
    return Tables(
        sigmoids={
            **slopes(strict),
            **light(clean),
            **dict.fromkeys(("POSE_YAW", "POSE_PITCH", "POSE_ROLL"), POSE),
            "EYES_VISIBLE": Sigmoid(0.0, 1.0),
            "MOUTH_VISIBLE": Sigmoid(0.0, 1.0),
            "FACE_VISIBLE": slope(hidden, lambda one: shown[id(one)]),
        },
        head=head(clean),
        cues=cues,
        embedded=model(every, clean, EMBEDDED),
        bare=model(every, clean, BARE),
        mean_face=usual,
        similarity=similarity,
        counts=(len({one.person for one in clean}), len(clean), len(damaged), len(every.row)),
    )


def main() -> None:
    """Look, fit, write."""
    wish = arguments(__doc__).parse_args()
    folder = pictures(wish.folders)
    wanted: list[tuple[int, Damage | None]] = [(n, None) for n, picture in enumerate(folder) if picture.fitted]
    whole = len(wanted)
    wanted += [worse for seed in DAMAGE_SEEDS for worse in damages(folder, seed)]
    seen = look_at(folder, wanted, wish.weights, wish.threads)
    clean, damaged = [one for one in seen[:whole] if one.face is not None], seen[whole:]
    package = Path(__file__).parents[2] / "src" / "ipse" / "core" / "faces" / "quality"
    tables = fit(clean, damaged)
    write(tables, package)
    print(f"Fitted on {tables.counts[1]} clean and {tables.counts[2]} damaged pictures; written to {package.name}/.")


if __name__ == "__main__":
    main()
