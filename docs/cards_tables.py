"""The generated parts of docs/cards.md: what is read of which card, from the layouts; figures, from the benchmarks."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ipse.core.cards.layout import Layout
from ipse.engine import card_layouts

ACCURACY: Final = Path(__file__).parents[1] / "benchmarks" / "accuracy"

NAMES: Final[Mapping[str, str]] = {
    "IDN": "Indonesia",
    "HKG": "Hong Kong",
    "THA": "Thailand",
    "MYS": "Malaysia",
    "SGP": "Singapore",
    "PHL": "Philippines",
    "JPN": "Japan",
    "TWN": "Taiwan",
    "CHN": "mainland China",
    "": "any state",
}
"""Who issues a card, in words."""

LEVELS: Final = ("L1", "L2", "L3")


def written(page: str) -> str:
    """Give the page with its generated parts as they are now: between `<!-- name -->` and `<!-- /name -->`."""
    for name, part in PARTS.items():
        begin, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        if begin not in page or end not in page:
            raise ValueError(f"docs/cards.md has no place for its {name}")
        before, rest = page.split(begin, 1)
        page = f"{before}{begin}\n{part()}\n{end}{rest.split(end, 1)[1]}"
    return page


def fields() -> str:
    """Give what is read of each side: bold is what every such card has, a star marks numbers that have a rule."""
    rows = ["| card | side | fields |", "|---|---|---|"]
    for layout in sorted(card_layouts(), key=lambda one: (one.kind.name, one.side != "front")):
        nationality = NAMES[layout.kind.nationality]
        name = " ".join(part for part in (nationality, layout.kind.type.replace("_", " "), layout.kind.subtype) if part)
        rows.append(f"| {name} (`{layout.kind.name}`) | {layout.side} | {', '.join(_fields(layout)) or 'none'} |")
    return "\n".join(rows)


def _fields(layout: Layout) -> Iterator[str]:
    """Give the fields of a side, and those that are made of others."""
    shown: dict[str, str] = {}
    for field in layout.fields:
        star = "★" if field.rule else ""
        if field.required or field.name not in shown:
            shown[field.name] = f"**{field.name}**{star}" if field.required else f"{field.name}{star}"
    yield from ({name: name for name in layout.joined} | shown).values()


def figures() -> str:
    """Give the main figures of reading, with their page."""
    told = _told("card_reading")
    if told is None:
        return "Not measured yet: `make bench`."
    levels = {name: told["levels"][name] for name in LEVELS if name in told["levels"]}
    what = f"{told['sides']} sides of {len(told['kinds'])} kinds"
    rows = [
        f"Of {told['date']}, {what}, all made up and drawn, none of them tuned on:",
        "",
        "| % | " + " | ".join(levels) + " |",
        "|---" * (1 + len(levels)) + "|",
    ]
    for script in ("latin", "chinese", "japanese", "thai", "mrz"):
        cells = [
            f"{level['letters'][script]['cer_percent']:.2f}" for level in levels.values() if script in level["letters"]
        ]
        if len(cells) == len(levels):
            rows.append(f"| letters wrong, {script} | " + " | ".join(cells) + " |")
    shares: dict[str, Callable[[Any], tuple[int, int]]] = {
        "fields wholly right": lambda level: (level["fields"][0], level["fields"][-1]),
        "number fields right": lambda level: (level["numbers"][0], level["numbers"][-1]),
        "`AUTO`: nationality and type right": lambda level: (level["cards"]["right"], sum(level["cards"].values())),
        "`AUTO`: wrong, not merely unsupported": lambda level: (level["cards"]["wrong"], sum(level["cards"].values())),
        "good cards rejected": lambda level: (level["status"]["rejected"], sum(level["status"].values())),
        "good cards warned of": lambda level: (level["status"]["warning"], sum(level["status"].values())),
    }
    for label, share in shares.items():
        cells = [f"{100 * some / max(of, 1):.1f}" for some, of in map(share, levels.values())]
        rows.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join([*rows, "", "All of it: [card_reading.md](../benchmarks/accuracy/card_reading.md)."])


def checks() -> str:
    """Give where the error rates of the checks stand."""
    told = _told("card_checks")
    if told is None:
        return "Error rates of the checks: not measured yet."
    return "Error rates of the checks: [card_checks.md](../benchmarks/accuracy/card_checks.md)."


def _told(name: str) -> Any:
    """Give the figures of a benchmark; `None` where it was not run."""
    place = ACCURACY / f"{name}.json"
    return json.loads(place.read_text("utf-8")) if place.exists() else None


PARTS: Final[Mapping[str, Callable[[], str]]] = {"fields": fields, "figures": figures, "checks": checks}
"""The generated parts by name."""
