"""What all comparisons take and tell: the rate that is allowed, which face is meant, thresholds, models and curve."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from ipse.core.vocabulary import Subject
from ipse.protocols.native.fields import ChoiceField, Field, FlagField, NumberField
from ipse.protocols.native.shapes import DIGEST, RATE, array, flag, named, number, record, text, whole
from ipse.service.compare_faces import Judging
from ipse.service.yardstick import Measured, Yardstick

SUBJECT: Final = ChoiceField(
    "subject", "Which of several faces is meant.", tuple(word.value for word in Subject), Subject.LARGEST.value
)

SEARCH: Final = FlagField(
    "search_orientation", "Also look at a picture turned by 90, 180 and 270 degrees if it shows no upright face."
)

AT_MOST: Final = NumberField(
    "at_most",
    "Two faces are taken for one person when strangers are that alike at most so often.",
    Judging().at_most,
    0,
    1,
)

JUDGING: Final[tuple[Field, ...]] = (
    AT_MOST,
    SUBJECT,
    SEARCH,
    FlagField("one_face", "Refuse a picture with a second face."),
    NumberField("quality_at_least", "Refuse a face of less quality; 30.1 is suggested.", 0, 0, 100, inclusive=True),
)
"""How faces are judged."""

SCHEMAS: Final = MappingProxyType(
    {
        "Models": record(
            "What made the templates: two comparisons are alike only if these are.",
            detector=DIGEST,
            embedder=DIGEST,
            profile=text("One look, or the face and its mirror image.", enum=["fast", "balanced"]),
            precision=text("Arithmetic of the embedding network.", enum=["float32", "bfloat16"]),
        ),
        "Curve": record(
            "What turns a similarity into a false match rate, and what that was fitted on.",
            sha256=DIGEST,
            dataset=text("Name of the collection of pictures."),
            population=text("Who is on them."),
            date=text("Day of the fit."),
            people=whole("Distinct people.", 0),
            pictures=whole("Pictures.", 0),
            genuine_pairs=whole("Pairs of pictures of one person.", 0),
            impostor_pairs=whole("Pairs of pictures of different people.", 0),
            extrapolated_below=number("Rates below this were not measured but extrapolated.", 0, 1),
        ),
        "Thresholds": named(
            {"type": ["number", "null"], "minimum": -1, "maximum": 1},
            "The similarity at each false match rate; null where the curve does not go so far.",
        ),
    }
)
"""What these functions give."""

MEASURED: Final = MappingProxyType(
    {
        "similarity": number(
            "Cosine of the templates; a card's portrait is told as a plain picture that strangers match as rarely.",
            -1,
            1,
        ),
        "false_match_rate": RATE,
        "false_match_rate_interval": array(
            {"type": "number", "minimum": 0, "maximum": 1}, "The rate's 95 % interval.", minItems=2, maxItems=2
        ),
        "is_extrapolated": flag("Whether the rate is rarer than the curve's data could show."),
        "same_person": flag("Whether the rate is at most `at_most`."),
    }
)
"""The members of every comparison."""


def judging(values: Mapping[str, Any]) -> Judging:
    """Give how faces are judged, from the fields `JUDGING`."""
    return Judging(
        at_most=values["at_most"],
        subject=Subject(values["subject"]),
        search_orientation=values["search_orientation"],
        one_face=values["one_face"],
        quality_at_least=values["quality_at_least"],
    )


def measured(found: Measured, *, same_person: bool) -> dict[str, Any]:
    """Give a comparison."""
    # A cosine that rounding has carried past the ends counts as the end it passed, as for the curve.
    return {
        "similarity": min(max(found.similarity, -1.0), 1.0),
        "false_match_rate": found.false_match_rate,
        "false_match_rate_interval": list(found.interval),
        "is_extrapolated": found.is_extrapolated,
        "same_person": same_person,
    }


def measure_facts(yardstick: Yardstick) -> dict[str, Any]:
    """Give what every comparison was measured with: thresholds, models and curve."""
    recipe, made = yardstick.recipe, yardstick.curve.provenance
    return {
        "thresholds": yardstick.thresholds,
        "models": {
            "detector": recipe.detector,
            "embedder": recipe.embedder,
            "profile": recipe.profile,
            "precision": recipe.precision,
        },
        "curve": {
            "sha256": yardstick.digest,
            "dataset": made.dataset,
            "population": made.population,
            "date": made.date,
            "people": made.people,
            "pictures": made.pictures,
            "genuine_pairs": made.genuine_pairs,
            "impostor_pairs": made.impostor_pairs,
            "extrapolated_below": yardstick.curve.extrapolated_below,
        },
    }
