"""
The fenced blocks of a page, and what the comment above each says.

- `<!-- run: as a server -->`: it goes on beside the blocks that follow.
- `<!-- run: continues -->`: it comes after the blocks of its language.
- `<!-- run: ends with 1 -->`: that is its exit status.
- `<!-- run: beside NAME -->`: the vendor's client of `requirements/clients-NAME` is there.
- `<!-- file: NAME -->`: it is written into the reader's folder.
- `<!-- not run: REASON -->`: why nobody runs it.

A block of JSON needs no comment: it is what the block before it answers.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docs.building.translations import LANGUAGES

ROOT: Final = Path(__file__).parents[2]
FENCE: Final = re.compile(
    r"^(?:(?P<above>[ ]*<!--[ ]*(?P<word>run|not[ ]run|file):[ ]*(?P<rest>[^>]*?)[ ]*-->)\n\s*)?"
    r"^(?P<indent>[ ]*)```(?P<language>[\w-]*)(?P<options>[^\n]*)\n(?P<text>.*?)^(?P=indent)```[ ]*$",
    re.MULTILINE | re.DOTALL,
)
RUN: Final = frozenset({"sh", "python", "js", "php", "ruby", "java", "go"})
"""Languages that are run unless a comment says why not."""


@dataclass(frozen=True)
class Block:
    """
    One fenced block.

    Attributes:
        line: Where it begins.
        language: Of which language it is.
        text: What stands in it.
        word: The comment above: `run`, `not run`, `file`, or empty.
        rest: What the comment says.
    """

    line: int
    language: str
    text: str
    word: str = ""
    rest: str = ""

    @property
    def is_run(self) -> bool:
        """Whether it is run as a program."""
        return self.language in RUN and self.word not in {"not run", "file"}

    @property
    def is_answer(self) -> bool:
        """Whether it shows what the block before it answers."""
        return self.language == "json" and not self.word

    @property
    def is_explained(self) -> bool:
        """Whether it is run, written, compared, or has a reason why not."""
        if self.word == "not run":
            return len(self.rest.split()) > 1
        return self.is_run or self.is_answer or (self.word == "file" and bool(self.rest))


def pages() -> list[Path]:
    """Every page with blocks to copy: README and all of `docs`, but for translations, which have the same blocks."""
    found = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in found if not is_translation(page)]


def is_translation(page: Path) -> bool:
    """Whether a page says in another language what a page beside it says."""
    return page.suffixes[:-1] in [[f".{language}"] for language in LANGUAGES]


def blocks_of(page: Path) -> list[Block]:
    """The fenced blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    return [_block(found, text) for found in FENCE.finditer(text)]


def _block(found: re.Match[str], text: str) -> Block:
    """One match as a block, its indentation taken away."""
    lines = found["text"].splitlines(keepends=True)
    indent = len(found["indent"])
    return Block(
        line=text.count("\n", 0, found.start("indent")) + 1,
        language=found["language"],
        text="".join(line[indent:] if line.strip() else line.lstrip(" ") for line in lines),
        word=found["word"] or "",
        rest=found["rest"] or "",
    )
