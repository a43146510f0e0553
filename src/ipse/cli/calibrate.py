"""`ipse calibrate`: a curve from the user's own pictures, so that a false match rate means their people and cameras."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ipse.cli import acquisition
from ipse.core.scoring.calibration import Curve
from ipse.core.vocabulary import Profile, Subject
from ipse.evaluation import bootstrap, curve_file, exclusions, pairs, scores
from ipse.evaluation.provenance import provenance_of
from ipse.infra.master_key import make_data_dir
from ipse.infra.settings import read_settings
from ipse.infra.trouble import using

LEAST_PEOPLE: Final = 100
"""Fewer people than this are warned about: their pairs are 4,950, which show nothing below 6e-4 (rule of 3)."""


def calibrate(
    *,
    folders: Annotated[Path, typer.Option(metavar="DIR", help="One folder per person inside.")],
    subject: Annotated[Subject, typer.Option(help="Which face of several.")] = Subject.LARGEST,
    profile: Annotated[Profile | None, typer.Option(help="[default: the setting profile]")] = None,
    exclude: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Wrong labels to leave out: a,b,kind,reason.")
    ] = None,
    dataset: Annotated[str | None, typer.Option(help="What the pictures are called. [default: the folder]")] = None,
    population: Annotated[str, typer.Option(help="Who is on them, in words.")] = "the operator's own pictures",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the curve goes. [default: in use from now on]")
    ] = None,
) -> None:
    """Fit the curve from similarity to false match rate on your own pictures and put it in use."""
    settings = read_settings(profile=profile)
    with acquisition.usage():
        trials = pairs.read_folders(folders)
        without = exclusions.read_exclusions(exclude, trials) if exclude else None
    folder = make_data_dir(settings.curves) if out is None else out.parent
    acquisition.make_writable(folder)
    from ipse.evaluation import fit  # noqa: PLC0415  # Wrong usage is told before SciPy is loaded.

    gallery = acquisition.gather(trials, settings, profile, subject.value)
    compared = scores.compare_all(gallery, trials.people, without)
    name = dataset or folders.resolve().name
    origin = provenance_of(compared, name, population, acquisition.today(), without)
    try:
        curve = fit.fit_curve(compared, tuple(bootstrap.draws(compared)), gallery.recipe, origin)
    except fit.TooFewPairs as error:
        raise typer.BadParameter(str(error), param_hint="--folders") from None
    file = out or folder / curve_file.file_name(curve)
    with using(file):
        curve_file.write_curve(curve, file)
    _print(curve, file, len(gallery.failures), installed=out is None)


def _print(curve: Curve, file: Path, failures: int, *, installed: bool) -> None:
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
    console.print(f"{failures} pictures gave no template")
    console.print(f"below {curve.extrapolated_below:.1e} the curve is an extreme-value extrapolation")
    if fitted.people < LEAST_PEOPLE:
        console.print(
            f"[yellow]Only {fitted.people} people:[/] by the rule of 3 their distinct pairs show nothing below "
            f"{6 / (fitted.people * max(fitted.people - 1, 1)):.1e}. The careful tail makes rare rates look more "
            "frequent than they are."
        )
    where = "is in use from now on (a running server: from its next start)" if installed else "is written"
    console.print(f"[bold]{escape(str(file))}[/] {where}", soft_wrap=True)
