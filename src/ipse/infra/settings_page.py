"""The page that tells every setting."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipse.infra.settings import PREFIX, Settings

_DEFAULT_PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "data_dir": "the user's data folder, `~/.local/share/ipse` on Linux",
        "weights_dir": "`~/.cache/ipse/weights`",
        "hosts": "",
        "inference_urls": "",
        "capture_embed_origins": "",
        "download_allow": "",
        "webhook_allow": "",
        "tencent_regions": "`ap-hongkong,ap-jakarta,ap-singapore`",
    }
)
"""Defaults in words."""


def describe_settings() -> str:
    """The page `docs/settings.md`: every setting with its variable, kind, default and meaning."""
    lines = [
        "# Settings",
        "",
        "Generated from `src/ipse/infra/settings.py` by `make docs`.",
        "",
        "A variable wins over the TOML file that `IPSE_CONFIG` names (its keys are the first column),",
        "and that wins over the default. An empty variable is as good as none. An unknown name in either stops the",
        "start; the nearest known one is printed, if one is near.",
        "",
        "| setting | variable | default | what it does |",
        "|---|---|---|---|",
    ]
    # Those of the class itself first: where things are, then what computes, the vendors' ways and the rest.
    own = [name for name in Settings.model_fields if name in Settings.__annotations__]
    others = [name for name in Settings.model_fields if name not in Settings.__annotations__]
    for name in own + others:
        field = Settings.model_fields[name]
        default = _DEFAULT_PLACES.get(name, "" if field.default in {"", None} else f"`{field.default}`")
        meaning = " ".join((field.description or "").split()).replace("|", "\\|")
        lines.append(f"| `{name}` | `{PREFIX}{name.upper()}` | {default} | {meaning} |")
    return "\n".join(lines) + "\n"
