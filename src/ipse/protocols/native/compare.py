"""`POST /v1/compare`: one face against others, with all that is known about the answer."""

from typing import Final

from ipse.core.reasons import Reason
from ipse.protocols.messages import Context, Operation, WireRequest, WireResponse, one_for_success
from ipse.protocols.native.described import PICTURES, Described
from ipse.protocols.native.fields import PictureField, PicturesField
from ipse.protocols.native.judging import JUDGING, MEASURED, judging, measure_facts, measured
from ipse.protocols.native.reading import arguments
from ipse.protocols.native.shapes import REQUEST, array, number, record, shared, whole
from ipse.protocols.native.sights import seen_picture
from ipse.protocols.native.writing import answer
from ipse.service.access import Caller
from ipse.service.artefacts import artefacts
from ipse.service.compare_faces import CompareFaces, CompareFacesCommand, CompareFacesOutcome
from ipse.service.evidence import Recorder

MOST_REFERENCES: Final = 10
"""Most references of one call. Source: ours; a batch takes more."""

TOLD: Final = {
    "at_most": number("The false match rate that was allowed.", 0, 1),
    "thresholds": shared("Thresholds"),
    "models": shared("Models"),
    "curve": shared("Curve"),
}
"""The members that every answer about a comparison ends with."""

COMPARE: Final = Described(
    name="compare",
    method="POST",
    path="/v1/compare",
    group="Faces",
    summary="Compare one face with others.",
    about="Refused if any picture cannot be read or shows no face; `field` names it. A batch goes on instead.",
    takes=(
        PictureField("probe", "The picture in question."),
        PicturesField("references", "What it is compared with.", MOST_REFERENCES),
        *JUDGING,
    ),
    gives=record(
        "How alike the faces are.",
        request=REQUEST,
        results=array(
            record(
                "One reference.",
                reference=whole("Which of the references, from 0.", 0, MOST_REFERENCES - 1),
                **MEASURED,
            ),
            "One for each reference, in order.",
        ),
        probe=shared("Picture"),
        references=array(shared("Picture")),
        **TOLD,
    ),
    refuses=PICTURES | {Reason.FILES_MANY, Reason.FACE_MISSING, Reason.FACES_MANY, Reason.QUALITY_LOW},
    example="-F probe=@selfie.jpg -F references=@card.jpg -F at_most=1e-4",
    billed="One unit for an answer.",
)


def operation(compare_faces: CompareFaces, recorder: Recorder) -> Operation[CompareFacesCommand, CompareFacesOutcome]:
    """Give the operation."""
    told = measure_facts(recorder.yardstick)

    def encode(outcome: CompareFacesOutcome, context: Context) -> WireResponse:
        pictures = {name: seen_picture(seen) for name, seen in outcome.seen.items()}
        probe = pictures.pop("probe")
        results = [
            {"reference": at, **measured(one.measured, same_person=one.same_person)}
            for at, one in enumerate(outcome.judged)
        ]
        body = {"results": results, "probe": probe, "references": list(pictures.values())}
        return answer({**body, "at_most": outcome.judging.at_most, **told}, context)

    return COMPARE.operation(
        decode, compare_faces, encode, bills=one_for_success, decision=recorder.compare, keeps=artefacts
    )


def decode(request: WireRequest, _caller: Caller) -> CompareFacesCommand:
    """Give what is asked."""
    values = arguments(request, COMPARE.takes)
    return CompareFacesCommand(values["probe"], values["references"], judging(values))
