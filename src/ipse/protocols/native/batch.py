"""`POST /v1/compare/batch`: up to a hundred pairs in one call, each picture sent once."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ipse.core.reasons import Reason, Refusal
from ipse.protocols.messages import Context, Operation, Part, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.compare import TOLD
from ipse.protocols.native.described import Described
from ipse.protocols.native.errors import ERRORS, document
from ipse.protocols.native.fields import FILE, PICTURE, Schema, not_empty, text_of, unpacked
from ipse.protocols.native.judging import JUDGING, MEASURED, judging, measure_facts, measured
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, array, named, one_of, record, shared, text
from ipse.protocols.native.sights import seen_picture
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.compare_faces import CompareBatch, CompareBatchCommand, CompareBatchOutcome, Judged, Pair
from ipse.service.evidence import Recorder
from ipse.service.verify_faces import Picture

MOST_PAIRS: Final = 100
"""Most pairs of one call. Source: the issue."""

MOST_PICTURES: Final = 2 * MOST_PAIRS
"""Most pictures of one call: two for each pair."""

NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What a picture or a pair may be called. Source: ours: file names without spaces, ids and UUIDs."""

_NAME_SCHEMA: Final[Schema] = {"type": "string", "pattern": f"^{NAME.pattern}$"}


@dataclass(frozen=True, slots=True)
class NamedPicturesField:
    """Pictures by names of the caller's: an object in JSON, in a form the file names."""

    name: str
    about: str
    required: bool = field(default=True, init=False)

    def of_json(self, value: Any) -> Mapping[str, Picture]:
        """Give the pictures."""
        if not isinstance(value, dict):
            raise Refusal(Reason.ARGUMENT_TYPE, self.name)
        self._count(len(value))
        return {key: Picture(key, unpacked(one, self._called(key))) for key, one in value.items()}

    def of_parts(self, parts: Sequence[Part]) -> Mapping[str, Picture]:
        """Give the pictures; a file name that comes twice leaves open which is meant."""
        self._count(len(parts))
        found = {part.filename or "": part for part in parts}
        if len(found) < len(parts):
            raise Refusal(Reason.ARGUMENT_INVALID, self.name)
        return {key: Picture(key, not_empty(part.content, self._called(key))) for key, part in found.items()}

    def absent(self) -> None:
        """Give nothing."""

    def schema(self) -> Schema:
        """Give its schema in JSON."""
        return {
            "type": "object",
            "propertyNames": _NAME_SCHEMA,
            "additionalProperties": PICTURE,
            "minProperties": 1,
            "maxProperties": MOST_PICTURES,
            "description": self.about,
        }

    def form_schema(self) -> Schema:
        """Give its schema in forms."""
        return {"type": "array", "items": FILE, "minItems": 1, "maxItems": MOST_PICTURES, "description": self.about}

    def _called(self, key: str) -> str:
        """Give what refusals call a picture, if it has a name that can be told."""
        if not NAME.fullmatch(key):
            raise Refusal(Reason.ARGUMENT_INVALID, self.name)
        return f"{self.name}.{key}"

    def _count(self, count: int) -> None:
        """Refuse none and too many."""
        if count == 0:
            raise Refusal(Reason.ARGUMENT_MISSING, self.name)
        if count > MOST_PICTURES:
            raise Refusal(Reason.FILES_MANY, self.name)


@dataclass(frozen=True, slots=True)
class PairsField:
    """Pairs of picture names: a list in JSON, in a form the same list as text."""

    name: str
    about: str
    required: bool = field(default=True, init=False)

    def of_json(self, value: Any) -> tuple[Pair, ...]:
        """Give the pairs."""
        if not isinstance(value, list):
            raise Refusal(Reason.ARGUMENT_TYPE, self.name)
        if not value:
            raise Refusal(Reason.ARGUMENT_MISSING, self.name)
        if len(value) > MOST_PAIRS:
            raise Refusal(Reason.ARGUMENT_INVALID, self.name)
        return tuple(self._pair(at, one) for at, one in enumerate(value))

    def of_parts(self, parts: Sequence[Part]) -> tuple[Pair, ...]:
        """Give the pairs."""
        try:
            return self.of_json(json.loads(text_of(parts[-1], self.name)))
        except (ValueError, RecursionError):
            raise Refusal(Reason.ARGUMENT_UNREADABLE, self.name) from None

    def absent(self) -> None:
        """Give nothing."""

    def schema(self) -> Schema:
        """Give its schema."""
        pair = {
            "type": "object",
            "properties": {"id": _NAME_SCHEMA, "probe": _NAME_SCHEMA, "reference": _NAME_SCHEMA},
            "required": ["probe", "reference"],
            "additionalProperties": False,
        }
        return {"type": "array", "items": pair, "minItems": 1, "maxItems": MOST_PAIRS, "description": self.about}

    def form_schema(self) -> Schema:
        """Give its schema in forms: a text that is the JSON of it."""
        return {"type": "string", "contentMediaType": "application/json", "description": self.about}

    def _pair(self, at: int, value: Any) -> Pair:
        """Give one pair; without an id of its own it is called by its place."""
        here = f"{self.name}[{at}]"
        if not isinstance(value, dict):
            raise Refusal(Reason.ARGUMENT_TYPE, here)
        for member in ("probe", "reference"):
            if member not in value:
                raise Refusal(Reason.ARGUMENT_MISSING, f"{here}.{member}")
        for member, word in value.items():
            if member not in {"id", "probe", "reference"}:
                raise Refusal(Reason.ARGUMENT_UNKNOWN, here)
            if not isinstance(word, str):
                raise Refusal(Reason.ARGUMENT_TYPE, f"{here}.{member}")
            if not NAME.fullmatch(word):
                raise Refusal(Reason.ARGUMENT_INVALID, f"{here}.{member}")
        return Pair(value.get("id", str(at)), value["probe"], value["reference"])


BATCH: Final = Described(
    name="compare_batch",
    method="POST",
    path="/v1/compare/batch",
    group="Faces",
    summary="Compare up to 100 pairs of faces.",
    about=(
        "Each picture is sent and looked at once, however many pairs name it. A pair that cannot be judged gets a "
        "problem of its own, and the others their results."
    ),
    takes=(
        NamedPicturesField("pictures", "Pictures by names of yours; in a form, each file's name is its name."),
        PairsField("pairs", "Which pictures to compare; `id` comes back with the result."),
        *JUDGING,
    ),
    gives=record(
        "What came of each pair.",
        request=REQUEST,
        results=array(
            one_of(
                record("A pair that was judged.", id=text("The pair."), **MEASURED),
                record("A pair that was not.", id=text("The pair."), problem=shared("Problem")),
            ),
            "One for each pair, in order.",
        ),
        pictures=named(shared("Picture"), "Every picture that a pair names and that can be read."),
        **TOLD,
    ),
    refuses=frozenset({Reason.FILES_MANY, Reason.FILE_EMPTY}),
    example=(
        """-F 'pictures=@a.jpg;filename=a' -F 'pictures=@b.jpg;filename=b' """
        """-F 'pairs=[{"probe": "a", "reference": "b"}]'"""
    ),
    billed="One unit for every pair that was judged.",
)


def operation(compare_batch: CompareBatch, recorder: Recorder) -> Operation[CompareBatchCommand, CompareBatchOutcome]:
    """Give the operation."""
    told = measure_facts(recorder.yardstick)

    def encode(outcome: CompareBatchOutcome, context: Context) -> WireResponse:
        body = {
            "results": [
                {"id": pair.id, **_result(one, str(context.correlation))}
                for pair, one in zip(outcome.pairs, outcome.results, strict=True)
            ],
            "pictures": {name: seen_picture(seen) for name, seen in outcome.seen.items()},
        }
        return answer({**body, "at_most": outcome.judging.at_most, **told}, context)

    return BATCH.operation(
        decode,
        compare_batch,
        encode,
        bills=one_for_success,
        needs=lambda command: len(command.pairs),
        worth=lambda outcome: outcome.answered,
        decision=recorder.batch,
        keeps=artefacts,
    )


def decode(request: WireRequest, _caller: Caller) -> CompareBatchCommand:
    """Give what is asked."""
    values = arguments(request, BATCH.takes)
    return CompareBatchCommand(values["pictures"], values["pairs"], judging(values))


def _result(one: Judged | Refusal, request: str) -> dict[str, Any]:
    """Give what came of a pair."""
    if isinstance(one, Refusal):
        return {"problem": document(ERRORS[one.reason], one, request)}
    return measured(one.measured, same_person=one.same_person)
