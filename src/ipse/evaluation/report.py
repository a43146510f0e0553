"""One self-contained page about a measurement, as ISO/IEC 19795-1 lays it out; it asks nothing of any other machine."""

import base64
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image as PillowImage

from ipse.core.images import Limits, decode
from ipse.core.reasons import Refusal
from ipse.core.vocabulary import SUGGESTED_QUALITY
from ipse.evaluation.measure import Evaluation
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
    file.write_text(_page(summary, plots(result), shown), encoding="utf-8")


def _page(summary: dict[str, Any], drawn: dict[str, bytes], shown: dict[str, str]) -> str:
    """Give the page's text."""
    environment = Environment(
        loader=PackageLoader("ipse.evaluation"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["rate"] = _share
    environment.filters["decade"] = lambda value: "" if value is None else _scientific(value)
    images = {name: _embedded("image/svg+xml", svg) for name, svg in drawn.items()}
    return environment.get_template("report.html").render(
        it=summary, plots=images, pictures=shown, suggested_quality=SUGGESTED_QUALITY
    )


def _share(cell: dict[str, Any], *, scientific: bool = False) -> str:
    """Give a rate with its interval as text, in percent or as a small number."""
    if cell["value"] is None:
        return "—"
    written = _scientific if scientific else "{:.2%}".format
    return "{} ({} to {})".format(*(written(cell[name]) for name in ("value", "low", "high")))


def _scientific(rate: float) -> str:
    """Give a rate as it can be compared at a glance: `4.7e-6`."""
    return f"{rate:.1e}".replace("e-0", "e-").replace("e+00", "") if rate else "0"


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
        made[name] = _embedded("image/jpeg", canvas.getvalue())
    return made


def _embedded(kind: str, content: bytes) -> str:
    """Give content as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
