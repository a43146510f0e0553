"""`ipse calibrate`: a curve from the user's own pictures, so that a false match rate means their people and cameras."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ipse.cli import acquisition
from ipse.core.scoring.calibration import Curve
from ipse.core.vocabulary import SUGGESTED_QUALITY, Profile, Subject
from ipse.evaluation import bootstrap, curve_file, enough, exclusions, pairs, scores
from ipse.evaluation.acquire import Gallery
from ipse.evaluation.provenance import provenance_of
from ipse.infra.folders import make_data_dir
from ipse.infra.settings import read_settings
from ipse.infra.trouble import SetupError, using


def calibrate(
    *,
    folders: Annotated[Path, typer.Option(metavar="DIR", help="One folder per person inside.")],
    subject: Annotated[Subject, typer.Option(help="Which face of several.")] = Subject.LARGEST,
    profile: Annotated[Profile | None, typer.Option(help="\\[default: the setting profile]")] = None,
    exclude: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Wrong labels to leave out: a,b,kind,reason.")
    ] = None,
    dataset: Annotated[str | None, typer.Option(help="What the pictures are called. \\[default: the folder]")] = None,
    population: Annotated[str, typer.Option(help="Who is on them, in words.")] = "the operator's own pictures",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the curve goes. \\[default: in use from now on]")
    ] = None,
    use: Annotated[bool, typer.Option("--use", help="Put the curve in use even if the set is small.")] = False,
) -> None:
    """Fit the curve from similarity to false match rate on your own pictures and put it in use."""
    if out is not None and use:
        raise typer.BadParameter("give either --out FILE or --use: --out leaves the curve in use as it is")
    if out is not None and out.is_dir():
        raise typer.BadParameter(f"{out} is a folder: name a file", param_hint="--out")
    settings = read_settings(profile=profile)
    with acquisition.usage():
        trials = pairs.read_folders(folders)
        without = exclusions.read_exclusions(exclude, trials) if exclude else None
    folder = make_data_dir(settings.curves) if out is None else out.parent
    acquisition.make_writable(folder)
    asked = use or out is not None
    _require(enough.possible(trials), asked=asked)
    from ipse.evaluation import fit  # noqa: PLC0415  # Wrong usage is told before SciPy is loaded.

    gallery = acquisition.gather(trials, settings, profile, subject.value)
    compared = scores.compare_all(gallery, trials.people, without)
    _require(enough.compared(compared), asked=asked)
    name = dataset or folders.resolve().name
    origin = provenance_of(compared, name, population, acquisition.today(), without)
    try:
        curve = fit.fit_curve(compared, tuple(bootstrap.draws(compared)), gallery.recipe, origin)
    except fit.TooFewPairs as error:
        raise SetupError(f"{error}. The curve in use stays.") from None
    file = out or folder / curve_file.file_name(curve)
    with using(file):
        curve_file.write_curve(curve, file)
    _print(curve, file, gallery, installed=out is None)


def _require(size: enough.Size, *, asked: bool) -> None:
    """Refuse a set on which no curve can be fitted, or one that is small unless the user said what to do with it."""
    if not size.is_least:
        raise SetupError(f"{size} are too few for a curve: {enough.LEAST} are the least. The curve in use stays.")
    if not asked and not size.is_ample:
        raise SetupError(
            f"{size} are few for a curve: from {enough.AMPLE} on it takes the shipped one's place. "
            "The curve in use so far (the shipped one, unless you put in your own) stays in use. "
            "To look at a curve of these pictures, write it with --out FILE; to put it in use all the same, give --use."
        )


def _print(curve: Curve, file: Path, gallery: Gallery, *, installed: bool) -> None:
    """Tell what was fitted, from where on it is a guess, and where it lies."""
    console, fitted = Console(), curve.provenance
    table = Table("stated FMR", "similarity", "95 % of the FMR", "", title=escape(f"{fitted.dataset}: {file.name}"))
    for fmr in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6):
        place = curve.similarity_at(fmr)
        low, high = curve.interval(place)
        remark = "[yellow]extrapolated" if curve.is_extrapolated(fmr) else ""
        table.add_row(f"{fmr:.0e}", f"{place:.4f}", f"{low:.1e} to {high:.1e}", remark)
    console.print(table)
    console.print(f"{fitted.people:,} people, {fitted.pictures:,} pictures, {fitted.impostor_pairs:,} impostor pairs")
    console.print(f"{len(gallery.failures)} pictures gave no template")
    if gallery.below_suggested is not None:
        console.print(f"{gallery.below_suggested:.1%} of the faces have a quality below {SUGGESTED_QUALITY}")
    console.print(f"below {curve.extrapolated_below:.1e} the curve is an extreme-value extrapolation")
    size = enough.Size(fitted.people, fitted.impostor_pairs)
    if not size.is_ample:
        console.print(
            f"[yellow]Only {size}:[/] the careful tail makes rare rates look more frequent than they are.",
            highlight=False,
        )
    if installed:
        where = "is in use from now on (a running server: from its next start). To go back, delete this file."
    else:
        where = "is written; the curve in use stays as it is."
    console.print(f"[bold]{escape(str(file))}[/] {where}", soft_wrap=True)
