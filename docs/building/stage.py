"""
Lay out all that the site shows in one folder: what is written, what stands elsewhere in the checkout, what is made.

A page may link whatever stands in the checkout: another Markdown page is taken into the site, below `repository/`; of a
link to anything else only the words stay, as it is no page.
"""

import posixpath
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from docs.building.plots import drawn

ROOT: Final = Path(__file__).resolve().parents[2]
DOCS: Final = ROOT / "docs"
TAKEN: Final = ("ARCHITECTURE.md", "INVARIANTS.md", "CHANGELOG.md", "README.md", "benchmarks", "training", "specimens")
"""Pages of the checkout, and folders of pages, that the site takes in."""

BESIDE: Final = ("src/ipse/capture/static/README.md",)
"""Single pages deeper in the checkout."""

INTO: Final = "repository"
"""The folder of the site in which they stand."""

ASSETS: Final = {".css", ".js"}
"""What is copied as it is."""

LINK: Final = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])+)\]\(([^)\s#]*)(#[^)\s]*)?\)")
PICTURES: Final = ROOT / "build" / "pictures"
"""Where `docs/pictures.py` has left them."""

PICTURE: Final = re.compile(r"<!-- picture: ([\w-]+) \| (.*?) -->")
FENCE: Final = re.compile(r"^( *)(```+).*?^\1\2 *$", re.MULTILINE | re.DOTALL)


def stage(folder: Path, made: Mapping[str, str]) -> None:
    """
    Fill a folder anew with the sources of the site.

    Args:
        folder: Where; what is there goes.
        made: Text of the pages that nobody writes, by their place in the site.
    """
    if folder.exists():
        shutil.rmtree(folder)
    pages = written() | {place: text for place, text in made.items() if place.endswith(".md")}
    for place, text in pages.items():
        _put(folder / place, shown(drawn(linked(text, place, pages)), place))
    for place in made.keys() - pages.keys():
        _put(folder / place, made[place])
    for source in sorted(DOCS.rglob("*")):
        if source.suffix in ASSETS:
            _put(folder / source.relative_to(DOCS), source.read_text(encoding="utf-8"))
    if PICTURES.exists():
        shutil.copytree(PICTURES, folder / "pictures")


def written() -> dict[str, str]:
    """The text of every written page by its place in the site, and a list of the decisions."""
    pages = {source.relative_to(DOCS).as_posix(): source for source in DOCS.rglob("*.md")}
    for name in TAKEN:
        found = [ROOT / name] if name.endswith(".md") else (ROOT / name).rglob("*.md")
        pages |= {f"{INTO}/{source.relative_to(ROOT).as_posix()}": source for source in found}
    pages |= {f"{INTO}/{name}": ROOT / name for name in BESIDE}
    texts = {place: source.read_text(encoding="utf-8") for place, source in sorted(pages.items())}
    return texts | {"decisions/index.md": _decisions(texts)}


def _decisions(texts: Mapping[str, str]) -> str:
    """A page that lists the decisions by their titles."""
    records = {place: text for place, text in texts.items() if re.match(r"decisions/\d", place)}
    rows = [f"- [{text.splitlines()[0].lstrip('# ')}]({place.split('/')[1]})" for place, text in records.items()]
    return "# Why it is so\n\n" + "\n".join(rows) + "\n"


def linked(text: str, here: str, pages: Mapping[str, str]) -> str:
    """A page's text, its links led to pages of the site; those to what is no page become words."""
    standing = posixpath.dirname(here.removeprefix(f"{INTO}/") if here.startswith(f"{INTO}/") else f"docs/{here}")

    def lead(link: re.Match[str]) -> str:
        words, target, anchor = link.group(1), link.group(2), link.group(3) or ""
        if not target or "://" in target or target.startswith("mailto:"):
            return link.group(0)
        reached = _in_site(posixpath.normpath(posixpath.join(standing, target)))
        if reached not in pages:
            return words
        return f"[{words}]({posixpath.relpath(reached, posixpath.dirname(here) or '.')}{anchor})"

    pieces, end = [], 0
    for fence in FENCE.finditer(text):
        pieces += [LINK.sub(lead, text[end : fence.start()]), fence.group(0)]
        end = fence.end()
    return "".join([*pieces, LINK.sub(lead, text[end:])])


def shown(text: str, here: str) -> str:
    """A page's text with its pictures, or what they would show where nobody has taken them."""

    def show(found: re.Match[str]) -> str:
        name, caption = found.groups()
        if not (PICTURES / f"{name}.png").exists():
            return f"*Picture: {caption}.*"
        place = posixpath.relpath(f"pictures/{name}.png", posixpath.dirname(here) or ".")
        return f"![{caption}]({place}){{ .picture loading=lazy }}\n*{caption}.*"

    return PICTURE.sub(show, text)


def _in_site(place: str) -> str:
    """Where a path of the checkout stands in the site, if it is a page of it."""
    if place == "docs/decisions":
        return "decisions/index.md"
    return place.removeprefix("docs/") if place.startswith("docs/") else f"{INTO}/{place}"


def _put(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
