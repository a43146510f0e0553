"""The page with the figures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from shares import Share

TARGETS: Final[Mapping[str, tuple[float, float, float]]] = {
    "latin": (1, 1.5, 3),
    "chinese": (1, 1.5, 3),
    "japanese": (1.5, 2, 3),
    "thai": (2.3, 5, 12),
    "fields": (95, 90, 75),
    "numbers": (99, 98, 92),
    "auto": (98, 98, 98),
}
"""What is to be reached at L1, L2 and L3, per cent: letters at most, the rest at least. Source: issue 4."""

SECONDS: Final = {"Latin, Chinese, Japanese": 1.2, "Thai": 1.5}
RATIO: Final = 1.2
"""CPU seconds a side, and times what the bare parts take, at most. Source: issue 4."""

HEAD: Final = """# How well cards are read

By `benchmarks/accuracy/card_reading.py`, on {date}. **All cards are made up and drawn (`specimens/`): figures on
generated cards, an upper bound for real ones, of which none may be had.** Print is sharp and flat; there is no
laminate, hologram, embossing or wear. Rendering "{rendering}"{held}; seeds {first} to {last}, {cards} cards a kind
and level, {kinds} kinds, {sides} sides in all. Portraits are photographs of the second half of the people of the
face benchmarks. Each card goes as JPEG bytes through the whole pipeline; {said}. {hardware}

Levels: L1 is a card 1,000 px wide at JPEG 75, L2 720 px at 60, L3 560 px at 50, each turned up to 8 degrees, in
perspective, unevenly lit, blurred and noisy; clean is the drawn card itself at JPEG 95. In brackets the 95 % interval
of Wilson as if cases were independent, which fields of one card are not quite. ✓ stands where a target is reached, ✗
with the target where it is not.
"""

LETTERS: Final = """## Letters

Errors in printed letters, per cent: NFKC, no blanks; Chinese pooled, variants folded as the product folds them; lines
matched by place; lines that nobody read count in full; `mrz` after the zone's own reader and its repair.
"""

SHARES: Final = """## Fields and kinds

A field is right where its whole value is (in NFKC, so that digits may be of either width). `AUTO`: nationality and type
of the card from both its sides, and of each side as if it had come alone; neither right nor wrong is "not told".
"""

KINDS: Final = """## Kinds

Fields wholly right, per cent, of few cards a kind; and how many were passed, warned of and rejected over all levels.
"""

CONFIDENCE: Final = """## Wrong fields by confidence

Fields that were found at L1 to L3. `SURE` of `core/authenticity/logic/facts.py` rests on this table.
"""

COST: Final = """## Cost

CPU seconds of one side on one core (`process_time`), front or back, over all levels; beside them what of it is spent
inside the networks, Tesseract, and the finding of barcodes and of the card's lines, however often they are called. The
machine was shared with other work, which makes seconds longer. What the text reader said in an earlier run and was
kept (`--memory`) counts with what it took then.
"""

HELD_OUT: Final = """ (held out: other fonts, labels,
positions, names and forms of dates than layouts were written against; no layout was mended by it)"""


def page(told: Mapping[str, Any]) -> str:
    """Give the page."""
    levels = list(told["levels"])
    parts = [
        _head(told),
        _letters(told["levels"]),
        _shares(told["levels"]),
        _statuses(told["levels"]),
        _confidence(told["confidence"]),
        _kinds(told["kinds"], levels, told["statuses_by_kind"]),
        _cost(told["seconds"]),
        _soak(told.get("soak")),
        _turned(told["turned"]),
    ]
    return "\n".join(parts)


def _head(told: Mapping[str, Any]) -> str:
    """Give what was measured on what."""
    counts = sorted({kind["cards"] for kind in told["kinds"].values()})
    return HEAD.format(
        date=told["date"],
        rendering=told["rendering"],
        held=HELD_OUT if told["rendering"] == "b" else " (the one that layouts were written against)",
        first=told["seeds"][0],
        last=told["seeds"][1],
        cards=counts[0] if len(counts) == 1 else f"{counts[0]} to {counts[-1]}",
        kinds=len(told["kinds"]),
        sides=told["sides"],
        said="nobody says what it is" if told["said"] == "AUTO" else "the caller says nationality and type",
        hardware=told["hardware"],
    )


def _letters(levels: Mapping[str, Any]) -> str:
    """Give the errors of letters."""
    rows = [
        LETTERS,
        "| script | " + " | ".join(levels) + " |",
        "|---" * (1 + len(levels)) + "|",
    ]
    for script in sorted({script for level in levels.values() for script in level["letters"]}):
        cells = []
        for name, level in levels.items():
            one = level["letters"].get(script)
            if one is None:
                cells.append("")
                continue
            mark = _mark(one["cer_percent"], script, name, least=False)
            cells.append(
                f"{one['cer_percent']:.2f}{mark} ({one['letters']:,} letters; lines {_of(one, 'lines')} right)"
            )
        rows.append(f"| {script} | " + " | ".join(cells) + " |")
    return "\n".join([*rows, ""])


def _of(one: Mapping[str, int], what: str) -> str:
    """Give right lines of all."""
    return f"{one[what + '_right']}/{one[what]}"


def _mark(value: float, what: str, level: str, *, least: bool) -> str:
    """Give whether a target is reached, if there is one."""
    targets = dict(zip(("L1", "L2", "L3"), TARGETS.get(what, ()), strict=False))
    if level not in targets:
        return ""
    return " ✓" if (value >= targets[level] if least else value <= targets[level]) else f" ✗ ({targets[level]:g})"


def _shares(levels: Mapping[str, Any]) -> str:
    """Give shares of fields, numbers and cards told."""
    rows = [SHARES, "| share, % | " + " | ".join(levels) + " |", "|---" * (1 + len(levels)) + "|"]
    wanted: dict[str, tuple[str, Callable[[Mapping[str, Any]], Share]]] = {
        "fields wholly right": ("fields", lambda one: Share(one["fields"][0], one["fields"][3])),
        "number fields right": ("numbers", lambda one: Share(one["numbers"][0], one["numbers"][3])),
        "fields wrong": ("", lambda one: Share(one["fields"][1], one["fields"][3])),
        "fields not found": ("", lambda one: Share(one["fields"][2], one["fields"][3])),
        "AUTO right, cards": ("auto", lambda one: _answer(one["cards"], "right")),
        "AUTO wrong, cards": ("", lambda one: _answer(one["cards"], "wrong")),
        "AUTO right, single sides": ("", lambda one: _answer(one["sides"], "right")),
        "AUTO wrong, single sides": ("", lambda one: _answer(one["sides"], "wrong")),
        "subtype right too, single sides": ("", lambda one: Share(*one["subtype"])),
    }
    for label, (target, share) in wanted.items():
        told = {name: share(level) for name, level in levels.items()}
        cells = [f"{one}{_mark(one.value * 100, target, name, least=True)}" for name, one in told.items()]
        rows.append(f"| {label} | " + " | ".join(cells) + " |")
    return "\n".join([*rows, ""])


def _answer(counts: Mapping[str, int], which: str) -> Share:
    """Give the share of one answer."""
    return Share(counts[which], sum(counts.values()))


def _statuses(levels: Mapping[str, Any]) -> str:
    """Give what becomes of good cards."""
    rows = [
        "## What becomes of good cards\n",
        "No card here is forged, expired or contradicts itself: each rejection is a false one.\n",
        "| share, % | " + " | ".join(levels) + " |",
        "|---" * (1 + len(levels)) + "|",
    ]
    for status in ("passed", "warning", "rejected", "crashed"):
        cells = [str(_answer(level["status"], status)) for level in levels.values()]
        rows.append(f"| {status} | " + " | ".join(cells) + " |")
    for state in ("failed", "suspected"):
        names = dict.fromkeys(name for level in levels.values() for name in level[state])
        for name in names:
            cells = [str(level[state].get(name, 0)) for level in levels.values()]
            rows.append(f"| cards by `{name}` {state} | " + " | ".join(cells) + " |")
    return "\n".join([*rows, ""])


def _confidence(rows: Sequence[Mapping[str, float]]) -> str:
    """Give the share of wrong fields by confidence."""
    lines = [
        CONFIDENCE,
        "| confidence | fields | wrong, % | numbers | wrong, % |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['from']} to {row['to']} | {row['fields']} | {Share(int(row['wrong']), int(row['fields']))} | "
        f"{row['numbers']} | {Share(int(row['wrong_numbers']), int(row['numbers']))} |"
        for row in rows
    ]
    return "\n".join([*lines, ""])


def _kinds(kinds: Mapping[str, Any], levels: Sequence[str], statuses: Mapping[str, Mapping[str, int]]) -> str:
    """Give the share of right fields of each kind."""
    lines = [
        KINDS,
        "| kind | cards a level | " + " | ".join(levels) + " | passed / warning / rejected |",
        "|---" * (3 + len(levels)) + "|",
    ]
    for kind, told in kinds.items():
        cells = [f"{100 * told['fields'][level][0] / max(told['fields'][level][3], 1):.0f}" for level in levels]
        ended = " / ".join(str(statuses[kind].get(one, 0)) for one in ("passed", "warning", "rejected"))
        lines.append(f"| {kind} | {told['cards']} | " + " | ".join(cells) + f" | {ended} |")
    return "\n".join([*lines, ""])


def _cost(seconds: Mapping[str, Any]) -> str:
    """Give what a side costs."""
    lines = [
        COST,
        "| cards | sides | median | 95 % below | bare, median | whole / bare | means of the parts |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, one in seconds.items():
        if not one:
            continue
        mark = "✓" if one["median"] <= SECONDS[name] else f"✗ ({SECONDS[name]})"
        ratio = "✓" if one["ratio"] <= RATIO else f"✗ ({RATIO})"
        parts = ", ".join(f"{part} {value:.2f}" for part, value in one["parts"].items())
        lines.append(
            f"| {name} | {one['sides']} | {one['median']:.2f} {mark} | {one['p95']:.2f} | {one['bare_median']:.2f} | "
            f"{one['ratio']:.2f} {ratio} | {parts} |"
        )
    return "\n".join([*lines, ""])


def _soak(sizes: Mapping[str, float] | None) -> str:
    """Give a worker's memory."""
    if not sizes:
        return ""
    told = ", ".join(f"{size:.0f} MB after {count}" for count, size in sizes.items())
    return f"## Memory\n\nResident size of a process that reads fronts of six kinds on all its threads: {told}.\n"


def _turned(told: Mapping[str, Sequence[float]]) -> str:
    """Give how surely letters are read both ways up."""
    ways = [f"{way} {low} to {high}, median {middle}" for way, (low, middle, high) in told.items()]
    return f"## Upside down\n\nMean confidence of a side's letters, of 90 % of sides: {'; '.join(ways)}.\n"
