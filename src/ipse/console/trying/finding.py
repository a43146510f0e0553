"""What an answer says, ready to be shown: words, a ruler, drawings, fields and checks. No vendor's spelling is left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Tone: TypeAlias = Literal["good", "warn", "bad", "plain"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of `words/*/try.json`, and what its braces are filled with."""

    key: str
    filled: Mapping[str, object] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Mark:
    """
    A threshold on a ruler.

    Attributes:
        score: Where it is, in the vendor's unit.
        strangers: One in how many strangers gets there.
        decides: Whether it is the one that the verdict was taken at.
    """

    score: float
    strangers: int
    decides: bool = False


@dataclass(frozen=True, slots=True)
class Ruler:
    """
    A score beside its thresholds.

    Attributes:
        low: The unit's lower end.
        high: The unit's upper end.
        score: What was answered.
        marks: Rising.
        strangers: One in how many strangers looks as alike, where the answer or the scale says so.
    """

    low: float
    high: float
    score: float
    marks: tuple[Mark, ...]
    strangers: float | None = None

    def at(self, score: float) -> float:
        """Give the place of a score, 0 to 100."""
        return round(100 * min(max((score - self.low) / (self.high - self.low), 0), 1), 2)


@dataclass(frozen=True, slots=True)
class Shape:
    """
    Something that was found in a picture.

    Attributes:
        points: Its corners in pixels.
        role: `face`, `holder`, `portrait`, `card`, `field`, or another role of ours.
        label: What stands beside it.
    """

    points: tuple[tuple[float, float], ...]
    role: str
    label: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Drawing:
    """
    What was found in one picture.

    Attributes:
        slot: The field of the form that the picture came in.
        width: Of the upright picture, in pixels.
        height: Likewise.
        shapes: What was found.
    """

    slot: str
    width: float
    height: float
    shapes: tuple[Shape, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadField:
    """A field of a card: its name, its value, as it is printed, and how sure that is."""

    name: str
    value: str = field(repr=False)
    printed: str = field(default="", repr=False)
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """
    A check or a judgement in words.

    Attributes:
        group: Under which word it is told: the concern of a card, or the attack.
        status: `passed`, `suspected`, `failed` or `not_assessed`.
        name: Our word for the check.
        error_rate: How often what is good is suspected, where that was measured.
        why: A stable word, where there is one.
    """

    group: str
    status: str
    name: str
    error_rate: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """
    What an answer says.

    Attributes:
        tone: How it is coloured; words say the same.
        headline: In a few words.
        sentences: More words.
        ruler: The score, if there is one.
        drawings: What was found where.
        fields: What a card says.
        checks: What speaks for or against.
        checked: Whether `checks` are of a `card` or of a `face`.
        link: An address to go on to, with the word for it.
    """

    tone: Tone
    headline: Sentence
    sentences: tuple[Sentence, ...] = ()
    ruler: Ruler | None = None
    drawings: tuple[Drawing, ...] = ()
    fields: tuple[ReadField, ...] = ()
    checks: tuple[Checked, ...] = ()
    checked: Literal["card", "face"] = "card"
    link: tuple[str, str] | None = None
