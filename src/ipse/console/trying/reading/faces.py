"""Is it one person? Each vendor's score on its own ruler, and the same words for all."""

from collections.abc import Callable
from typing import Any, Final

from ipse.console.trying.finding import Drawing, Finding, Mark, Ruler, Sentence, Shape
from ipse.console.trying.reading.answer import OK, Answer, Json, boxed, found, refused, rounded, seen, strangers

SURE: Final = 10_000
"""One stranger in so many decides. Source: our own default, `at_most` 1e-4, and the vendors' advice."""

PERHAPS: Final = 1_000
"""One stranger in so many leaves it open. Source: the lowest threshold that the vendors publish."""


def compared(answer: Answer) -> Finding:
    """Give what our own comparison of two faces says."""
    if answer.status != OK:
        return refused(answer)
    body = answer.json
    first = body["results"][0]
    drawings = (seen("probe", body["probe"]), seen("references", body["references"][0]))
    return _measured(first, body, drawings, "same_person", "other_person")


def held(answer: Answer) -> Finding:
    """Give what our own comparison of holder and card says."""
    drawings = tuple(found(str(one["name"]), one) for one in answer.json.get("pictures") or ())
    if answer.status != OK:
        return refused(answer, drawings=drawings)
    return _measured(answer.json, answer.json, drawings, "same_holder", "other_holder")


def compared_pairs(answer: Answer) -> Finding:
    """Give what the comparison of every pair of a batch says: the first pair."""
    if answer.status != OK:
        return refused(answer)
    body = answer.json
    first = body["results"][0]
    return refused(answer) if "similarity" not in first else _measured(first, body, (), "same_person", "other_person")


def detected(answer: Answer) -> Finding:
    """Give which faces our own detection found."""
    if answer.status != OK:
        return refused(answer)
    picture = answer.json["picture"]
    drawing = seen("picture", picture)
    labelled = tuple(
        Shape(shape.points, "face", str(round(face["quality"]["unified"])) if face.get("quality") else "")
        for shape, face in zip(drawing.shapes, picture["faces"], strict=True)
    )
    return _faces(
        (Drawing("picture", drawing.width, drawing.height, labelled),), [f["quality"] for f in picture["faces"]]
    )


def megvii_detected(answer: Answer) -> Finding:
    """Give which faces Megvii's detection found; its rectangles are parts of the picture."""
    if answer.status != OK:
        return refused(answer)
    faces = answer.json["faces"]
    shapes = tuple(
        boxed(
            (100 * r["left"], 100 * r["top"], 100 * (r["left"] + r["width"]), 100 * (r["top"] + r["height"])),
            "face",
            str(round(q)),
        )
        for r, q in ((face["rect"], face["quality"]) for face in faces)
    )
    return _faces((Drawing("image", 100, 100, shapes),), [{"unified": face["quality"]} for face in faces])


def megvii_verified(answer: Answer) -> Finding:
    """Give what Megvii's verification says; its thresholds come with the answer."""
    told = answer.json.get("result_ref1") or answer.json.get("result_faceid")
    if answer.status != OK or told is None:
        return refused(answer)
    marks = tuple(
        Mark(score, round(1 / float(rate)), decides=rate == "1e-4")
        for rate, score in sorted(told["thresholds"].items(), key=lambda pair: pair[1])
    )
    return _scored(Ruler(0, 100, told["confidence"], marks), answer, "same_person", "other_person")


def linkface_held(answer: Answer) -> Finding:
    """Give what Linkface's answer says of holder and card."""
    score = answer.json.get("verify_score")
    if answer.status != OK or score is None:
        return refused(answer)
    # Source: docs/protocols/linkface.md: the page's table, FMR = 10^-(10t - 3).
    marks = tuple(Mark((power + 3) / 10, 10**power, decides=power == 4) for power in range(1, 7))  # noqa: PLR2004
    return _scored(Ruler(0, 1, score, marks, 10 ** (10 * score - 3)), answer, "same_holder", "other_holder")


def iapp_held(answer: Answer) -> Finding:
    """Give what iApp's answer says of holder and card."""
    total = answer.json.get("total")
    if answer.status != OK or total is None:
        return refused(answer)
    # Source: docs/protocols/iapp.md, the score: FMR = 10^-(c/10 - 1).
    marks = tuple(Mark(10.0 * (power + 1), 10**power, decides=power == 4) for power in range(1, 7))  # noqa: PLR2004
    score = float(answer.json["selfie"]["confidence"])
    finding = _scored(Ruler(0, 100, score, marks, 10 ** (score / 10 - 1)), answer, "same_holder", "other_holder")
    if total["isSamePerson"] != "true" and finding.tone == "good":
        return Finding("bad", Sentence("other_holder"), (Sentence("card_differs"),), finding.ruler, answer.sight)
    return finding


def _measured(told: Json, body: Json, drawings: tuple[Drawing, ...], same: str, other: str) -> Finding:
    """Give what one of our own comparisons says."""
    decided = body["at_most"]
    marks = tuple(
        Mark(score, round(1 / float(rate)), decides=float(rate) == decided)
        for rate, score in sorted(body["thresholds"].items(), key=lambda pair: -float(pair[0]))
        if score is not None
    )
    once = strangers(told["false_match_rate"])
    ruler = Ruler(0, 1, told["similarity"], marks, once)
    word = "strangers_rarer" if told["is_extrapolated"] else "strangers"
    number = 1 / body["curve"]["extrapolated_below"] if told["is_extrapolated"] else once or 1
    sentences = [Sentence(word, {"n": rounded(number)})]
    visible = told.get("visible")
    if visible is not None and visible["same_person"] != told["same_person"]:
        sentences.append(Sentence("visible_differs"))
    good = told["same_person"]
    return Finding("good" if good else "bad", Sentence(same if good else other), tuple(sentences), ruler, drawings)


def _scored(ruler: Ruler, answer: Answer, same: str, other: str) -> Finding:
    """Give what a vendor's score says by its thresholds."""
    reached = max((mark.strangers for mark in ruler.marks if ruler.score >= mark.score), default=0)
    if reached >= SURE:
        tone, word = "good", same
    elif reached >= PERHAPS:
        tone, word = "warn", "perhaps_same"
    else:
        tone, word = "bad", other
    top = reached == ruler.marks[-1].strangers
    if reached:
        told = Sentence("strangers_rarer" if top else "strangers_reach", {"n": f"{reached:,}"})
    else:
        told = Sentence("strangers_often", {"n": f"{ruler.marks[0].strangers:,}"})
    return Finding(tone, Sentence(word), (told,), ruler, answer.sight)  # type: ignore[arg-type]  # One of the four.


def _faces(drawings: tuple[Drawing, ...], qualities: list[Any]) -> Finding:
    """Give how many faces there are."""
    count = len(drawings[0].shapes)
    if not count:
        return Finding("warn", Sentence("no_face"), drawings=drawings)
    word = "one_face" if count == 1 else "many_faces"
    best = max((one["unified"] for one in qualities if one), default=0)
    good = best >= 30.1  # noqa: PLR2004  # Source: docs/protocols/native.md, the suggested bar.
    told = Sentence("quality_good" if good else "quality_poor", {"n": round(best)})
    return Finding("good" if good else "warn", Sentence(word, {"n": count}), (told,), drawings=drawings)


Reader = Callable[[Answer], Finding]
