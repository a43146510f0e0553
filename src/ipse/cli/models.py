"""`ipse models`: list, fetch and verify the weights, and carry them to a machine without network."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.table import Table

from ipse.cli.options import AsJson
from ipse.infra.settings import read_settings
from ipse.infra.trouble import SetupError, using
from ipse.models.bundle import bundle as write_bundle
from ipse.models.bundle import load as load_bundle
from ipse.models.bundle import samples_folder
from ipse.models.integrity import is_intact
from ipse.models.manifest import Asset, Licensed, Manifest, Samples, Weight
from ipse.models.prepare import prepare
from ipse.models.trouble import WeightsError

app: Final = typer.Typer(no_args_is_help=True)

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Weights by name; the default ones if none.")
]
WithSamples = Annotated[bool, typer.Option(help="The portraits that the demo and the tests use.")]

NOT_INTACT: Final = 1
"""Exit status when a default weight is missing or damaged."""


@app.command("list")
def list_models(*, as_json: AsJson = False) -> None:
    """List every weight: digest, size, both licences, and whether it is here."""
    folder = weights_folder()
    rows = [_row(weight, folder) for weight in Manifest.load().weights]
    if as_json:
        _print_json({"folder": str(folder), "weights": rows})
        return
    table = Table(title=f"Weights in {folder}", title_justify="left", box=SIMPLE_HEAD)
    whole = {"name": max(len(row["name"]) for row in rows), "SHA-256": 12, "here": 3}
    for heading in ("name", "role", "SHA-256", "MB", "code", "weights", "here"):
        side: Literal["left", "right"] = "right" if heading == "MB" else "left"
        table.add_column(heading, justify=side, no_wrap=True, min_width=whole.get(heading))
    for row in rows:
        table.add_row(
            f"[bold]{row['name']}[/]" if row["default"] else row["name"],
            row["role"],
            row["sha256"][:12],
            f"{row['bytes'] / 1e6:.1f}",
            row["code_license"]["name"],
            row["weights_license"]["name"] + ("" if row["commercial"] else " [red](research only)[/]"),
            {"cached": "[green]yes[/]", "missing": "no", "damaged": "[red]damaged[/]"}[row["state"]],
        )
    Console().print(table)


@app.command()
def fetch(names: Names = None, *, samples: WithSamples = True, as_json: AsJson = False) -> None:
    """Fetch the default weights and the sample portraits, or the named weights; what is here already stays."""
    from ipse.models.fetch import FetchError  # noqa: PLC0415 (its HTTP client costs other commands 0.1 s)
    from ipse.models.fetch import fetch as fetch_assets  # noqa: PLC0415 (likewise)

    weights = _chosen(names)
    folder = weights_folder()
    with _plain_words(), _download_bar(quiet=as_json) as told:
        missed: list[FetchError] = []
        paths = fetch_assets(weights, folder, told, without=None if names else missed.append)
        opened = [prepare(weight, folder / weight.file) for weight in weights if folder / weight.file in paths]
        pictures = () if names or not samples else fetch_assets(Samples.load().pictures, samples_folder(folder), told)
    for error in missed:
        lack = error.asset.lack if isinstance(error.asset, Licensed) else ""
        said = f"[yellow]Without {error.asset.name}:[/] {lack}. {escape(str(error))}"
        Console(stderr=True, soft_wrap=True).print(said, highlight=False)
    if as_json:
        _print_json({"weights": [str(path) for path in opened], "samples": [str(path) for path in pictures]})
        return
    here = [weight.name for weight in weights if folder / weight.file in paths]
    Console(soft_wrap=True).print(
        f"[green]Ready:[/] {', '.join(here)} in {folder}"
        + (f", {len(pictures)} sample portraits in {samples_folder(folder)}" if pictures else "")
    )


@app.command()
def verify(*, as_json: AsJson = False) -> None:
    """Check every file that is here against its digest; status 1 if a default weight is damaged or, needed, missing."""
    folder = weights_folder()
    found: list[tuple[Asset, str]] = [(weight, _state(weight, folder)) for weight in Manifest.load().weights]
    found += [(picture, _state(picture, samples_folder(folder))) for picture in Samples.load().pictures]
    if as_json:
        _print_json({"files": [{"name": asset.name, "file": asset.file, "state": state} for asset, state in found]})
    else:
        for asset, state in found:
            colour = {"cached": "green", "missing": "dim"}.get(state, "red")
            Console(soft_wrap=True).print(f"[{colour}]{state:8}[/] {asset.name:16} {asset.file}", highlight=False)
    if any(_is_wanting(asset, state) for asset, state in found):
        raise typer.Exit(NOT_INTACT)


@app.command()
def bundle(file: Annotated[Path, typer.Argument(metavar="FILE", help="The tar to write.")]) -> None:
    """Write the default weights and the samples into one file for a machine without network."""
    with _plain_words(), _step_bar("Bundling") as told:
        write_bundle(file, Manifest.load(), Samples.load(), weights_folder(), told)
    Console(soft_wrap=True).print(f"[green]Written:[/] {file} ({file.stat().st_size / 1e6:.1f} MB)")


@app.command()
def load(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `bundle` wrote.", exists=True, dir_okay=False)],
) -> None:
    """Put the weights and samples of a bundle in place, each checked before any is."""
    folder = weights_folder()
    with _plain_words(), _step_bar("Loading") as told:
        placed = load_bundle(file, Manifest.load(), Samples.load(), folder, told)
    Console(soft_wrap=True).print(f"[green]Ready:[/] {len(placed)} files in {folder} and {samples_folder(folder)}")


@app.command("export-repository")
def export_repository(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to write.", file_okay=False)],
    names: Names = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Write the networks that are here for Triton, OpenVINO Model Server or MLServer to serve."""
    from ipse.models.repository import export_repository as export  # noqa: PLC0415 (its imports cost others 0.1 s)

    here = weights_folder()
    chosen = [weight for weight in _chosen(names) if isinstance(weight, Weight)]
    present = [weight for weight in chosen if names or (here / weight.file).is_file()]
    with _plain_words():
        written = export(folder, present, here)
    if as_json:
        _print_json({"folder": str(folder), "models": written})
        return
    Console(soft_wrap=True).print(f"[green]Written:[/] {', '.join(written)} to {folder}")


def weights_folder() -> Path:
    """Where the weights rest on this machine."""
    return read_settings().weights_dir.expanduser()


def _row(weight: Licensed, folder: Path) -> dict[str, Any]:
    """What is told of a weight."""
    return {
        "name": weight.name,
        "role": weight.role,
        "default": weight.default,
        "file": weight.file,
        "sha256": weight.digest,
        "bytes": weight.bytes,
        "code_license": weight.code_license.model_dump(),
        "weights_license": weight.weights_license.model_dump(),
        "commercial": weight.commercial,
        "sources": [str(source) for source in weight.sources],
        "state": _state(weight, folder),
    }


def _is_wanting(asset: Asset, state: str) -> bool:
    """Whether Ipse cannot do what it should with this file in this state."""
    if not isinstance(asset, Licensed) or not asset.default:
        return False
    return state == "damaged" or (state == "missing" and not asset.optional)


def _state(asset: Asset, folder: Path) -> str:
    """Whether a file is here, whole."""
    path = folder / asset.file
    if is_intact(path, asset.digest, asset.bytes):
        return "cached"
    return "damaged" if path.exists() else "missing"


def _chosen(names: list[str] | None) -> tuple[Licensed, ...]:
    """The named weights, or the default ones."""
    manifest = Manifest.load()
    if not names:
        return manifest.defaults
    known = {weight.name: weight for weight in manifest.weights}
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"there is no weight {name}; there are {', '.join(known)}")
    return tuple(known[name] for name in names)


@contextmanager
def _plain_words() -> Iterator[None]:
    """Turn trouble with weights or their folder into a sentence and an exit status."""
    try:
        with using(weights_folder()):
            yield
    except WeightsError as error:
        raise SetupError(str(error)) from error


@contextmanager
def _download_bar(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar per file that is fetched, on standard error."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bars:

        def told(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None)
            bars.update(tasks[name], completed=done, total=total or None)

        yield told


@contextmanager
def _step_bar(what: str) -> Iterator[Callable[[str, int], None]]:
    """One bar that counts the bytes of the files that are done, on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        manifest, samples = Manifest.load(), Samples.load()
        pinned = [weight.bytes + (weight.prepared.bytes if weight.prepared else 0) for weight in manifest.defaults]
        task = bars.add_task(what, total=sum(pinned) + sum(picture.bytes for picture in samples.pictures))

        def told(name: str, size_bytes: int) -> None:
            bars.update(task, advance=size_bytes, description=f"{what} {name}")

        yield told


def _print_json(value: object) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False))
