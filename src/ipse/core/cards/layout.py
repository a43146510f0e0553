"""
What is printed where on a side of a card: layouts, which are data (`layouts/*.toml`), as frozen values.

How to write one (`layouts/<kind's name>.<side>.toml`, one file a side; keys not named here are refused):

    nationality = "IDN"             # with `type` and `subtype` the CardKind; `side` is "front" or "back"
    type = "id_card"
    side = "front"
    extends = "mys-id_card-mykad.front"  # take over all that another file says; fields of the same name are replaced
    without = ["religion"]               # fields not taken over
    fixed = ["SPECIMEN"]                 # print that is neither label nor value (and anchors, but see below)
    scripts = ["thai"]                   # writing that must be there: "thai", "han", "kana", "latin"; a hint for AUTO

    [[anchors]]                     # what tells this side from all others
    text = ["KARTU TANDA PENDUDUK"] # any of these spellings
    weight = 1.5                    # 1 = as good as sure; below 0 speaks against it
    value = true                    # it is (part of) a value; without this it counts as fixed print

    [[fields]]                      # in the order in which they are looked for; what one took the next cannot have
    name = "birth_date"             # a name of vocabulary.py
    labels = ["Tempat/Tgl Lahir"]   # all spellings; blanks, case, marks, accents and a letter in five do not count
    where = ["after", "below"]      # places, best first; see `Place`
    kind = "date"                   # how it is read; see `Reading`; further keys are its options
    order = "DMY"
    required = true                 # told as missing by checks; says nothing to the reader
    before = "full_name"            # only where a file extends another: where in its order; else at the end

    [joined]                        # fields made of other fields where they were not found themselves
    full_name = ["first_name", "middle_name", "last_name"]

Two entries may have the same name: the second is tried where the first found nothing.
Two fields may have the same label (place and date of birth): each takes its part of the same text.
A bilingual label is several spellings of one label; the value is sought after the last of them and below each.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Final

from ipse.core.cards.card import CardKind, CardType, Side
from ipse.core.cards.matching import plain
from ipse.core.cards.numbers.rules import RULES
from ipse.core.cards.vocabulary import NAMES


class Place(StrEnum):
    """
    Where a value stands.

    - after: behind its label, in the same line or in the next box to the right.
    - below: under its label; `lines` says how many lines it may have.
    - above: over its label, one line.
    - before: in front of its label, in the same line.
    - zone: where `zone` says, as shares of the card (left, top, right, bottom).
    - under: the lines under another field, `reference`, past `skip` of them; `zone` narrows it.
    - anywhere: in whichever line fits.
    """

    AFTER = "after"
    BELOW = "below"
    ABOVE = "above"
    BEFORE = "before"
    ZONE = "zone"
    UNDER = "under"
    ANYWHERE = "anywhere"


class Reading(StrEnum):
    """
    How a value is read.

    - text: as it stands; `pattern` picks a part (its first group).
    - name: text without digits; `split` makes parts (`names.py`).
    - address: lines joined; `split` makes parts (`addresses.py`).
    - number: one of `shapes` ("9" a digit, "A" a letter, all else itself and not needed in print); `rule` names one of
      `numbers/rules.py`; a number that breaks it is kept as it is printed, believed less.
    - date: `order` ("DMY", "YMD", "MDY", "MY"), `calendar` ("gregorian", "buddhist", "roc", "japanese"), `nth` of those
      that stand there (0 the first, -1 the last).
    - choice: one of `choices` (value = spellings), the nearest.
    - sex: a choice of M, F, X in all languages.
    """

    TEXT = "text"
    NAME = "name"
    ADDRESS = "address"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    SEX = "sex"


@dataclass(frozen=True, slots=True)
class Anchor:
    """
    Print that tells a side.

    Attributes:
        text: Any of its spellings.
        weight: What it is worth: 1 is as good as sure, below 0 speaks against.
        is_value: Whether it is a value or part of one, not fixed print.
    """

    text: tuple[str, ...]
    weight: float = 1.0
    is_value: bool = False


@dataclass(frozen=True, slots=True)
class FieldRule:
    """
    How one field is found and read.

    Attributes:
        name: Its name in the vocabulary.
        labels: Spellings of its label.
        where: Its places, best first.
        kind: How it is read.
        required: Whether the card always has it.
        lines: The most lines it has.
        hanging: Whether its further lines may start under its label, left of its first.
        spread: Its lines are no farther apart than so many times their height.
        zone: Left, top, right, bottom as shares of the card's width and height.
        reference: The field it stands under.
        skip: Lines to leave out between.
        until: What a line looks like that is no more part of the value: a block ends before it.
        pattern: What must stand there; its first group, or all of it, is the value.
        reject: What it cannot be.
        shapes: Shapes of a number.
        rule: Name of a check for a number.
        order: Order of a date's parts.
        calendar: Whose years.
        nth: Which of several dates or numbers.
        choices: Value and its spellings.
        split: Name of a way to split it.
        glue: What stands between its lines when they are joined.
        implies: Which of `"birth_date"` and `"sex"` are taken from the number where the card does not print them.
    """

    name: str
    labels: tuple[str, ...] = ()
    where: tuple[Place, ...] = (Place.AFTER, Place.BELOW)
    kind: Reading = Reading.TEXT
    required: bool = False
    lines: int = 1
    hanging: bool = False
    spread: float = 2.1
    zone: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    reference: str = ""
    skip: int = 0
    until: str = ""
    pattern: str = ""
    reject: str = ""
    shapes: tuple[str, ...] = ()
    rule: str = ""
    order: str = "DMY"
    calendar: str = "gregorian"
    nth: int = 0
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    split: str = ""
    glue: str = " "
    implies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """
    A side of a card.

    Attributes:
        kind: Which card.
        side: Which side.
        anchors: What tells it from others.
        fields: What stands on it.
        fixed: Print that is neither label nor value.
        scripts: Writing that must be there.
        joined: Fields made of others.
    """

    kind: CardKind
    side: Side
    anchors: tuple[Anchor, ...] = ()
    fields: tuple[FieldRule, ...] = ()
    fixed: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    joined: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name, as its file's: `"idn-id_card.front"`."""
        return f"{self.kind.name}.{self.side}"

    @property
    def print_that_is_no_value(self) -> frozenset[str]:
        """Anchors and fixed print, folded."""
        anchors = (anchor for anchor in self.anchors if anchor.weight > 0 and not anchor.is_value)
        return frozenset(plain(one) for anchor in anchors for one in anchor.text) | set(map(plain, self.fixed))


_CARD: Final = frozenset(
    "nationality type subtype side extends without fixed scripts anchors fields joined".split()  # noqa: SIM905 (words)
)
_FIELD: Final = frozenset(one.name for one in fields(FieldRule))


def layouts_from(mappings: Mapping[str, Mapping[str, Any]]) -> tuple[Layout, ...]:
    """
    Give the layouts of parsed files, by their names without the ending, checked.

    Raises:
        ValueError: If one says what no layout says; the message names it.
    """
    return tuple(_layout(name, _whole(name, mappings)) for name in sorted(mappings))


def _whole(name: str, mappings: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """Give what a file says together with what it takes over from another."""
    own = mappings[name]
    if "extends" not in own:
        return own
    if own["extends"] not in mappings:
        raise ValueError(f"{name}: there is no {own['extends']} to extend")
    parent = _whole(own["extends"], mappings)
    replaced = {one["name"]: one for one in own.get("fields", ())}
    gone = set(own.get("without", ()))
    kept = [replaced.pop(one["name"], one) for one in parent.get("fields", ()) if one["name"] not in gone]
    return {
        **parent,
        **own,
        "fields": _in_order(kept, list(replaced.values())),
        "fixed": [*parent.get("fixed", ()), *own.get("fixed", ())],
        "joined": {**parent.get("joined", {}), **own.get("joined", {})},
        "anchors": own.get("anchors", parent.get("anchors", ())),
    }


def _in_order(kept: Sequence[Mapping[str, Any]], added: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give the fields taken over with those added, each before the one that it names or at the end."""
    ordered = list(kept)
    for one in added:
        places = [at for at, other in enumerate(ordered) if other["name"] == one.get("before")]
        ordered.insert(places[0] if places else len(ordered), one)
    return ordered


def _layout(name: str, told: Mapping[str, Any]) -> Layout:
    """Give the layout that a file tells of."""
    if unknown := set(told) - _CARD:
        raise ValueError(f"{name}: unknown keys {sorted(unknown)}")
    try:
        kind = CardKind(told["nationality"], CardType(told["type"]), told.get("subtype", ""))
        layout = Layout(
            kind,
            Side(told["side"]),
            tuple(_anchor(one) for one in told.get("anchors", ())),
            tuple(_field(one) for one in told.get("fields", ())),
            tuple(told.get("fixed", ())),
            tuple(told.get("scripts", ())),
            {key: tuple(parts) for key, parts in told.get("joined", {}).items()},
        )
    except (KeyError, TypeError, re.error) as error:
        raise ValueError(f"{name}: {error!r}") from error
    if layout.name != name:
        raise ValueError(f"{name}: its file should be called {layout.name}")
    return layout


def _anchor(told: Mapping[str, Any]) -> Anchor:
    """Give the anchor that a file tells of."""
    if unknown := set(told) - {"text", "weight", "value"}:
        raise ValueError(f"{told.get('text')}: unknown keys {sorted(unknown)}")
    return Anchor(_tuple(told["text"]), float(told.get("weight", 1.0)), is_value=bool(told.get("value")))


def _field(told: Mapping[str, Any]) -> FieldRule:
    """Give the rule for a field that a file tells of."""
    told = {key: value for key, value in told.items() if key != "before"}
    if unknown := set(told) - _FIELD:
        raise ValueError(f"{told.get('name')}: unknown keys {sorted(unknown)}")
    if told["name"] not in NAMES:
        raise ValueError(f"{told['name']} is no field of the vocabulary")
    if told.get("rule") and told["rule"] not in RULES:
        raise ValueError(f"{told['rule']} is no rule for numbers")
    for expression in ("pattern", "reject", "until"):
        re.compile(told.get(expression, ""))
    listed: dict[str, Any] = {key: _tuple(told[key]) for key in ("labels", "shapes", "zone", "implies") if key in told}
    choices: dict[str, tuple[str, ...]] = {value: tuple(one) for value, one in told.get("choices", {}).items()}
    where = tuple(Place(one) for one in told.get("where", ("after", "below")))
    kind = Reading(told.get("kind", "text"))
    shaped: dict[str, Any] = {**told, **listed, "choices": choices, "where": where, "kind": kind}
    return FieldRule(**shaped)


def _tuple(told: Sequence[Any]) -> tuple[Any, ...]:
    """Give a list as a tuple; a single text would fall apart into letters."""
    if isinstance(told, str):
        raise TypeError(f"{told!r} should be a list")
    return tuple(told)
