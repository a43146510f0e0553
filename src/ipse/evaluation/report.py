"""One self-contained page about a measurement, as ISO/IEC 19795-1 lays it out; it asks nothing of any other machine."""

import io
from collections.abc import Iterable
from pathlib import Path

from PIL import Image as PillowImage

from ipse.core.images import Limits, decode
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import SUGGESTED_QUALITY
from ipse.evaluation.measure import Evaluation
from ipse.evaluation.page import embedded, rendered
from ipse.evaluation.plots import plots
from ipse.evaluation.summary import summarise

THUMBNAIL_PX = 160
"""Longer side of a picture in the report."""


def write_report(result: Evaluation, file: Path, *, show_pictures: bool = False) -> None:
    """Write the page. Pictures of the worst pairs are in it only if asked for: they are faces, with names."""
    summary = summarise(result)
    shown: dict[str, str] = {}
    if show_pictures:
        places = dict(zip(result.trials.names, result.trials.pictures, strict=True))
        rows = [*summary["worst_false_matches"], *summary["worst_false_non_matches"]]
        shown = _thumbnails({row[side]: places[row[side]] for row in rows for side in ("a", "b")}.items())
    page = rendered("report.html", plots(result), it=summary, pictures=shown, suggested_quality=SUGGESTED_QUALITY)
    file.write_text(page, encoding="utf-8")


def _thumbnails(pictures: Iterable[tuple[str, Path]]) -> dict[str, str]:
    """Give small copies of pictures as embedded images; one that cannot be read any more is left out."""
    made: dict[str, str] = {}
    for name, picture in pictures:
        try:
            pixels = decode(picture.read_bytes(), Limits(), enough_px=THUMBNAIL_PX).pixels
        except (OSError, Refusal):
            continue
        small = PillowImage.fromarray(pixels)
        small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
        canvas = io.BytesIO()
        small.save(canvas, format="JPEG", quality=80)
        made[name] = embedded("image/jpeg", canvas.getvalue())
    return made
