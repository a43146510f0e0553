"""The generated part of docs/liveness.md: what each judgement is worth, from the manifest, and what follows from it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from ipse.core.genuineness.judgement import NAMES
from ipse.core.genuineness.policy import DEFAULTS
from ipse.models.manifest import Judging, Manifest


def written(page: str) -> str:
    """Give the page with its generated parts as they are now: between `<!-- name -->` and `<!-- /name -->`."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if begin not in page or end not in page:
            raise ValueError(f"docs/liveness.md has no place for its {name}")
        before, rest = page.split(begin, 1)
        page = f"{before}{begin}\n{part()}\n{end}{rest.split(end, 1)[1]}"
    return page


def judgements() -> str:
    """Give what each judgement is worth: with the networks that are on by default, and with those for research."""
    manifest = Manifest.load()
    rows = [
        "| judgement | suspicion | with | threshold | genuine suspected there (BPCER) | measured |",
        "|---" * 6 + "|",
    ]
    for name in NAMES:
        rows += (_row(one, manifest) for one in manifest.judgements if one.name == name)
    return "\n".join(rows)


def _row(one: Judging, manifest: Manifest) -> str:
    """Give one line of the table."""
    consequence = next(DEFAULTS[name] for name in NAMES if name == one.name)
    threshold = f"{one.threshold:g}" if one.assessed else f"**not assessed**: `{one.why or 'no_better_than_chance'}`"
    bpcer = "–" if one.bpcer is None or not one.assessed else f"{100 * one.bpcer:.2g} %"
    weights = ", ".join(_weights(one, manifest)) or "no network of its own"
    return f"| `{one.name}` | {consequence}s | {weights} | {threshold} | {bpcer} | {_linked(one.measured)} |"


def _linked(measured: str) -> str:
    """Give where a figure was measured: a report of this repository as a link, without the command that made it."""
    report = measured.partition(" ")[0]
    return f"[{Path(report).name}](../{report})" if report.endswith(".md") else measured


def _weights(one: Judging, manifest: Manifest) -> Iterator[str]:
    """Give the networks that an entry needs; those that are off by default are marked."""
    for name in one.weights:
        yield f"`{name}`" if manifest.weight(name).default else f"`{name}` (research, off by default)"


PARTS: Final[Mapping[str, Callable[[], str]]] = {"judgements": judgements}
"""The generated parts by name."""
