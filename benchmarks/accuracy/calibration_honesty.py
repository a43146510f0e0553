"""
Does a curve keep its word on people whom it never saw?

For each profile and precision: templates of all pictures once, then 20 splits of the people into halves. A curve is
fitted on one half; at the similarity where it states a false match rate, the rate is measured on the other half. Pairs
across the halves count for neither. The result goes to calibration.md and calibration.json beside this file;
`--write-curves` also fits the shipped curves on everybody, exactly as `ipse calibrate` does.

    python benchmarks/accuracy/calibration_honesty.py [--folders DIR] [--write-curves] [--profiles …] [--precisions …]
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from ipse.core.scoring.calibration import Curve
from ipse.evaluation.acquire import Gallery, acquire
from ipse.evaluation.bootstrap import draws
from ipse.evaluation.curve_file import file_name, write_curve
from ipse.evaluation.exclusions import Exclusions, read_exclusions
from ipse.evaluation.fit import fit_curve
from ipse.evaluation.pairs import Indices, Trials, read_folders
from ipse.evaluation.provenance import provenance_of
from ipse.evaluation.rates import FMRS, Point, Rate, at_rates, at_threshold
from ipse.evaluation.scores import Scores, compare_all
from ipse.verifier import Verifier

HERE = Path(__file__).parent
DATASET = "3,113 pictures of Labeled Faces in the Wild"
POPULATION = "mostly Western press photographs of public figures"
SPLITS = 20
STATED = (1e-3, 1e-4, 1e-5, 1e-6)
ALLOWED = {1e-3: 1.25, 1e-4: 1.25, 1e-5: 1.5}
"""How far the mean ratio of measured to stated rate may be from 1, either way (issue 2)."""
WITHOUT_DRAWS = 2
"""Draws where the interval is not looked at."""


@dataclass(frozen=True)
class Setting:
    """One profile at one precision, and all that was found out about it."""

    name: str
    failures: int
    ratios: dict[float, list[float]]
    ratios_all_labels: dict[float, list[float]]
    shown: dict[float, tuple[float, Rate]]
    tar: tuple[Point, ...]
    tar_without_exclusions: tuple[Point, ...]
    curve: Curve


def main() -> None:
    """Measure what was asked for, write the pages, and the curves if wished."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folders", type=Path, default=HERE.parents[2] / "shared" / "data" / "faces")
    parser.add_argument("--profiles", nargs="+", default=["balanced", "fast"])
    parser.add_argument("--precisions", nargs="+", default=["bfloat16", "float32"])
    parser.add_argument("--write-curves", action="store_true")
    parser.add_argument("--cache", type=Path, help="keep templates here; empty it when the pipeline changes")
    given = parser.parse_args()
    trials = read_folders(given.folders)
    exclusions = read_exclusions(HERE / "exclusions.csv", trials)
    found = []
    for profile in given.profiles:
        for precision in given.precisions:
            gallery = templates(trials, profile, precision, given.cache)
            found.append(examine(gallery, trials, exclusions))
            report(found[-1])
            if given.write_curves:
                curve = found[-1].curve
                write_curve(curve, HERE.parents[1] / "src/ipse/core/scoring/curves" / file_name(curve))
    (HERE / "calibration.json").write_text(json.dumps([plain(one) for one in found], indent=2) + "\n", encoding="utf-8")
    (HERE / "calibration.md").write_text(page(found, trials, exclusions), encoding="utf-8")


def templates(trials: Trials, profile: str, precision: str, cache: Path | None) -> Gallery:
    """Give the templates of all pictures, from the cache if they were made before with the same weights."""
    verifier = Verifier(profile=profile, precision=precision)
    recipe = verifier.template(trials.pictures[0], "centre").recipe
    kept = cache / f"{profile}-{precision}-{recipe.embedder[:8]}-{recipe.detector[:8]}.npz" if cache else None
    if kept is not None and kept.exists():
        with np.load(kept) as held:
            if not held["failures"].size:
                return Gallery(held["vectors"], held["pictures"], (), recipe)
    gallery = acquire(trials.pictures, verifier, "centre", workers=2)
    if kept is not None:
        failures = np.array([one.picture for one in gallery.failures], np.int32)
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, vectors=gallery.vectors, pictures=gallery.pictures, failures=failures)
    return gallery


def examine(gallery: Gallery, trials: Trials, exclusions: Exclusions) -> Setting:
    """Give all figures of one profile at one precision."""
    clean = compare_all(gallery, trials.people, exclusions)
    every = compare_all(gallery, trials.people)
    origin = provenance_of(clean, DATASET, POPULATION, datetime.now(UTC).date().isoformat(), exclusions)
    ratios: dict[float, list[float]] = {fmr: [] for fmr in STATED}
    believed: dict[float, list[float]] = {fmr: [] for fmr in STATED}
    shown: dict[float, tuple[float, Rate]] = {}
    for seed, (one, other, other_with_all) in enumerate(halves(gallery, trials.people, exclusions)):
        curve = fit_curve(one, tuple(draws(one, WITHOUT_DRAWS)), gallery.recipe, origin)
        for fmr in STATED:
            place = curve.similarity_at(fmr)
            ratios[fmr].append(other.impostors_above(place) / other.impostors / fmr)
            believed[fmr].append(other_with_all.impostors_above(place) / other_with_all.impostors / fmr)
            if seed == 0:
                measured = at_threshold(other, tuple(draws(other)), place).fmr
                assert measured is not None
                shown[fmr] = place, measured
    drawn = tuple(draws(clean))
    return Setting(
        name=f"{gallery.recipe.profile}-{gallery.recipe.precision}",
        failures=len(gallery.failures),
        ratios=ratios,
        ratios_all_labels=believed,
        shown=shown,
        tar=at_rates(every, tuple(draws(every)), FMRS),
        tar_without_exclusions=at_rates(clean, drawn, FMRS),
        curve=fit_curve(clean, drawn, gallery.recipe, origin),
    )


def halves(gallery: Gallery, people: Indices, exclusions: Exclusions) -> Iterator[tuple[Scores, Scores, Scores]]:
    """Give the scores within both halves of each split, of the second half also with every label believed."""
    count = int(people.max()) + 1
    for seed in range(SPLITS):
        chosen = np.zeros(count, bool)
        chosen[np.random.default_rng(seed).permutation(count)[: count // 2]] = True
        inside = chosen[people[gallery.pictures]]
        parts = [
            Gallery(gallery.vectors[side], gallery.pictures[side], (), gallery.recipe) for side in (inside, ~inside)
        ]
        one, other = (compare_all(part, people, exclusions) for part in parts)
        yield one, other, compare_all(parts[1], people)


def mean(values: Sequence[float]) -> float:
    """Give the arithmetic mean."""
    return float(np.mean(values))


def mean_and_spread(values: Sequence[float]) -> str:
    """Give mean and standard deviation."""
    return f"{mean(values):.2f} ({np.std(values):.2f})"


def report(setting: Setting) -> None:
    """Print one setting's figures."""
    print(setting.name, "FTA", setting.failures)
    for fmr, values in setting.ratios.items():
        kept = "" if fmr not in ALLOWED else "kept" if 1 / ALLOWED[fmr] <= mean(values) <= ALLOWED[fmr] else "BROKEN"
        print(f"  stated {fmr:.0e}: measured/stated {mean(values):.3f} (sd {np.std(values):.2f}) {kept}")
    for title, points in (("all labels", setting.tar), ("without exclusions", setting.tar_without_exclusions)):
        print(f"  TAR, {title}:", *(f"{one.fmr:.0e} {one.tar.value:.2%}" for one in points if one.tar is not None))


def plain(setting: Setting) -> dict[str, object]:
    """Give one setting for calibration.json."""
    return {
        "name": setting.name,
        "failures": setting.failures,
        "splits": SPLITS,
        "ratio": spread(setting.ratios),
        "ratio_all_labels": spread(setting.ratios_all_labels),
        "first_split": {
            f"{fmr:.0e}": {"similarity": place, **asdict(rate)} for fmr, (place, rate) in setting.shown.items()
        },
        "tar_all_labels": [asdict(point) for point in setting.tar],
        "tar_without_exclusions": [asdict(point) for point in setting.tar_without_exclusions],
        "provenance": asdict(setting.curve.provenance),
        "extrapolated_below": setting.curve.extrapolated_below,
        "thresholds": {f"{fmr:.0e}": setting.curve.similarity_at(fmr) for fmr in FMRS},
    }


def spread(ratios: dict[float, list[float]]) -> dict[str, object]:
    """Give ratios by stated rate, with mean and standard deviation."""
    return {
        f"{fmr:.0e}": {"mean": mean(values), "sd": float(np.std(values)), "each": [round(one, 4) for one in values]}
        for fmr, values in ratios.items()
    }


def page(found: Sequence[Setting], trials: Trials, exclusions: Exclusions) -> str:
    """Give calibration.md."""
    origin = found[0].curve.provenance
    lines = [
        "# Do the curves keep their word?",
        "",
        "Written by `python benchmarks/accuracy/calibration_honesty.py --write-curves`.",
        "",
        f"{origin.dataset}: {origin.population}. {len(set(trials.people.tolist())):,} people, the subject is",
        f"the face nearest the centre. Wrong labels left out of the curves: {exclusions.source},",
        f"{len(exclusions.pictures)} pictures and {len(exclusions.pairs)} pairs, each with its reason. Accuracy is",
        "given with every label believed, and without these.",
        "**Other people, cameras and ages have other rates: run `ipse calibrate` on your own pictures.**",
        "",
        "## Stated against measured, on people whom the curve never saw",
        "",
        f"{SPLITS} splits of the people into halves: fitted on one, measured on the other. Mean of measured / stated",
        "(standard deviation over the splits). A half has about 1.2 million impostor pairs: 12 false matches at 1e-5,",
        "one at 1e-6, where twins, siblings and look-alikes fall into one half or the other and decide alone.",
        "",
        "| curve | labels measured on | " + " | ".join(f"{fmr:.0e}" for fmr in STATED) + " |",
        "|---|---|" + "---|" * len(STATED),
        *(
            f"| {one.name} | {labels} | "
            + " | ".join(f"{mean(v):.2f} ({np.std(v):.2f})" for v in ratios.values())
            + " |"
            for one in found
            for labels, ratios in (("exclusions applied", one.ratios), ("all believed", one.ratios_all_labels))
        ),
        "| allowed | | 0.80 to 1.25 | 0.80 to 1.25 | 0.67 to 1.50 | extrapolated, no promise |",
        "",
        "## The first split, with its by-person bootstrap interval",
        "",
        "| curve | stated | similarity | measured | 95 % | false matches |",
        "|---|---|---|---|---|---|",
        *(
            f"| {one.name} | {fmr:.0e} | {place:.4f} | {rate.value:.2e} | {span(rate)} | {rate.count} |"
            for one in found
            for fmr, (place, rate) in one.shown.items()
        ),
        "",
        "## True accept rate",
        "",
        "| profile, precision | labels | pictures that failed | " + " | ".join(f"{fmr:.0e}" for fmr in FMRS) + " |",
        "|---|---|---|" + "---|" * len(FMRS),
        *(
            f"| {one.name} | {labels} | {one.failures} | " + " | ".join(map(cell, points)) + " |"
            for one in found
            for labels, points in (("all believed", one.tar), ("exclusions applied", one.tar_without_exclusions))
        ),
        "",
        "Percent, with the 95 % interval over people. At 1e-6 fewer than 30 false matches are expected: a hint only.",
        "",
        "## What was looked at and kept",
        "",
        *KEPT,
    ]
    return "\n".join(lines) + "\n"


KEPT = (
    "The 60 most alike impostor pairs and the 45 least alike genuine pairs were looked at. Only clear cases went to",
    "the list. These stayed, since leaving them out would flatter the curve or punish it on a guess:",
    "",
    "- Twins and siblings are real impostors: Ashley and Mary-Kate Olsen (0.58 to 0.70), George W. and Jeb Bush.",
    "- Claire and Morgan Hentzen (0.70): one woman or two sisters, the pictures do not tell. Counted as two people,",
    "  which makes the extrapolated tail heavier.",
    "- Martha Bowen 1 and 2, Surakait Sathirathai 1 and 2 (0.26 each): probably two people each, not clearly.",
    "- Fernando Vargas, Laila Ali, Susan Sarandon, Celine Dion and others: hard pictures (dark glasses, hands, age)",
    "  that may well be right. They are the false non-matches that are reported.",
    "- Look-alikes: Jean-Francois Pontal and Yves Brodeur, Elena Bovina and Nadia Petrova, John Abizaid and Paul",
    "  Murphy.",
)


def span(rate: Rate) -> str:
    """Give an interval."""
    return f"{rate.low:.1e} to {rate.high:.1e}"


def cell(point: Point) -> str:
    """Give one true accept rate with its interval."""
    if point.tar is None:
        return "not shown by the data"
    return f"{point.tar.value * 100:.2f} ({point.tar.low * 100:.2f} to {point.tar.high * 100:.2f})"


if __name__ == "__main__":
    main()
