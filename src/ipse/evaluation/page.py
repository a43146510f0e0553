"""Reports as one self-contained page each: they ask nothing of any other machine."""

import base64
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def rendered(template: str, drawn: Mapping[str, bytes], **values: object) -> str:
    """Give a page's text, its plots embedded."""
    environment = Environment(
        loader=PackageLoader("ipse.evaluation"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["rate"] = _share
    environment.filters["decade"] = lambda value: "" if value is None else _scientific(value)
    images = {name: embedded("image/svg+xml", svg) for name, svg in drawn.items()}
    return environment.get_template(template).render(plots=images, **values)


def embedded(kind: str, content: bytes) -> str:
    """Give content as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


def _share(cell: dict[str, Any], *, scientific: bool = False) -> str:
    """Give a rate with its interval as text, in percent or as a small number."""
    if cell["value"] is None:
        return "—"
    written = _scientific if scientific else "{:.2%}".format
    return "{} ({} to {})".format(*(written(cell[name]) for name in ("value", "low", "high")))


def _scientific(rate: float) -> str:
    """Give a rate as it can be compared at a glance: `4.7e-6`."""
    return f"{rate:.1e}".replace("e-0", "e-").replace("e+00", "") if rate else "0"
