"""A line as it was read, made as long as its format wants it: what may have been lost or added, likeliest first."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations, product
from typing import Final

from ipse.core.cards.zone.alphabet import FILLER

_MOST_WRONG: Final = 4
"""Letters too few or too many. Source: ours; the readers on the specimens are off by one at most where all is read."""

_MOST_DIFFERENCES: Final = 5
"""Places where two readings of one line may differ and still be mixed. Source: ours, 32 mixtures."""


def fits(readings: tuple[str, ...], length: int) -> tuple[str, ...]:
    """Give what a line may have been, from all its readings; where none is long enough, letters come or go."""
    exact = [line for line in readings if len(line) == length]
    if exact:
        return tuple(dict.fromkeys([*exact[:1], *_mixtures(exact), *exact]))
    return tuple(dict.fromkeys(guess for line in readings for guess in _near(line, length)))


def _mixtures(lines: list[str]) -> list[str]:
    """Give the lines of which each letter is that of one of two readings that are nearly alike, likeliest first."""
    mixed = set[str]()
    for one, other in combinations(lines, 2):
        if sum(a != b for a, b in zip(one, other, strict=True)) <= _MOST_DIFFERENCES:
            pairs = [(a,) if a == b else (a, b) for a, b in zip(one, other, strict=True)]
            mixed |= {"".join(letters) for letters in product(*pairs)}
    votes = [Counter(letters) for letters in zip(*lines, strict=True)]
    return sorted(mixed, key=lambda line: (-sum(vote[a] for vote, a in zip(votes, line, strict=True)), line))


def _near(line: str, length: int) -> Iterator[str]:
    """Give a line made longer or shorter: fillers first, then the ends, then one letter anywhere."""
    missing = length - len(line)
    if not line or abs(missing) > max(_MOST_WRONG, _fillers(line)):
        return
    runs = _runs(line)
    if missing > 0:
        yield from (line[:at] + FILLER * missing + line[at:] for at in runs)
        if line.endswith(FILLER):
            yield line + FILLER * missing
        return
    yield from (line[:at] + line[at - missing :] for at in runs if line[at : at - missing] == FILLER * -missing)
    if -missing <= _MOST_WRONG:
        yield line[:missing]
        yield line[-missing:]
    if missing == -1:
        yield from (line[:at] + line[at + 1 :] for at in range(len(line)))


def _fillers(line: str) -> int:
    """Give how many fillers stand at the end: of those, readers lose or invent any number."""
    return len(line) - len(line.rstrip(FILLER))


def _runs(line: str) -> list[int]:
    """Give where runs of two or more fillers begin, the longest first."""
    starts = [at for at in range(len(line) - 1) if line[at : at + 2] == "<<" and line[at - 1 : at] != FILLER]
    return sorted(starts, key=lambda at: len(line[at:]) - len(line[at:].lstrip(FILLER)), reverse=True)
