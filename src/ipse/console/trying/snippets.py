"""A call as source text in six languages: what is shown runs as it stands once key and secret are filled in."""

import json
import shlex
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from ipse.console.trying.call import TENCENT_HEADERS, Call, Picture
from ipse.console.trying.wire import SERVICE

LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {"curl": "curl", "python": "Python", "javascript": "JavaScript", "java": "Java", "php": "PHP", "go": "Go"}
)
"""Every language by the name of its template."""

KEY: Final = "YOUR_KEY"
SECRET: Final = "YOUR_SECRET"  # noqa: S105  # A placeholder.
"""What stands for the credentials; the page's script fills them in without sending them anywhere."""


def snippets(call: Call, base: str) -> Mapping[str, str]:
    """Give the source text that makes a call of the server at an address such as `https://host`, by language."""
    asked = call.with_credentials(KEY, SECRET)
    query = f"?{urlencode(asked.query)}" if asked.query else ""
    facts = {
        "call": asked,
        "url": f"{base}{asked.path}{query}",
        "host": urlsplit(base).netloc,
        "headers": list(asked.headers(KEY).items()),
        "members": [(n, m.filename if isinstance(m, Picture) else m, isinstance(m, Picture)) for n, m in asked.form],
        "json": asked.json,
        "pictures": list(_pictures(asked.json)),
        "key": KEY,
        "secret": SECRET,
        "service": SERVICE,
        "fixed": list(TENCENT_HEADERS.items()),
    }
    return {name: _templates().get_template(f"{name}.jinja").render(**facts).strip() + "\n" for name in LANGUAGES}


@cache
def _templates() -> Environment:
    """The templates of source text; nothing in them is HTML, and the page escapes what they give."""
    made = Environment(
        loader=PackageLoader("ipse.console", "templates/snippets"),
        autoescape=False,  # noqa: S701  # Source text, no HTML; each value is quoted by its language's own filter.
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "sh": shlex.quote,
        "printf": _printf,
        "py": lambda value: _literal(value, _PYTHON),
        "js": lambda value: _literal(value, _JAVASCRIPT),
        "php": lambda value: _literal(value, _PHP),
        "q": _quoted,
        "joined": _joined,
        "tojson_plain": lambda value: json.dumps(value, ensure_ascii=False),
    }
    return made


def _quoted(text: str) -> str:
    """Give a text in double quotes, as JSON, JavaScript, Java, Go and Python all read it."""
    return json.dumps(text, ensure_ascii=False)


def _php(text: str) -> str:
    """Give a text in single quotes, in which PHP replaces nothing."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class _Style:
    """How a language writes values: its quotes, its brackets, its words, and how it reads a file as base64."""

    def __init__(
        self, quoted: Callable[[str], str], brackets: str, arrow: str, words: str, base64: str, nothing: str = "{}"
    ) -> None:
        self.quoted = quoted
        self.brackets = brackets
        self.arrow = arrow
        self.true, self.false = words.split()
        self.base64 = base64
        self.nothing = nothing


_PYTHON: Final = _Style(_quoted, "{}", ": ", "True False", "base64_of({})")
_JAVASCRIPT: Final = _Style(_quoted, "{}", ": ", "true false", "base64({})")
_PHP: Final = _Style(_php, "[]", " => ", "true false", "base64({})", "new stdClass")


def _literal(value: Any, style: _Style) -> str:
    """Give a JSON value as a language writes it."""
    match value:
        case Picture():
            text = style.base64.format(style.quoted(value.filename))
        case bool():
            text = style.true if value else style.false
        case dict():
            pairs = [f"{style.quoted(name)}{style.arrow}{_literal(one, style)}" for name, one in value.items()]
            opens, closes = style.brackets[0], style.brackets[1]
            text = f"{opens}{', '.join(pairs)}{closes}" if pairs else style.nothing
        case list():
            text = f"[{', '.join(_literal(one, style) for one in value)}]"
        case str():
            text = style.quoted(value)
        case _:
            text = str(value)
    return text


def _pictures(value: Any) -> list[Picture]:
    """Give the pictures within JSON, in order."""
    match value:
        case Picture():
            return [value]
        case dict():
            return [picture for one in value.values() for picture in _pictures(one)]
        case list():
            return [picture for one in value for picture in _pictures(one)]
        case _:
            return []


_HOLE: Final = "\ue000"
"""Stands for a picture within JSON text. Source: Unicode, private use area: no text of a form has it."""


def _with_holes(value: Any) -> Any:
    """Give JSON values with holes for pictures."""
    match value:
        case Picture():
            return _HOLE
        case dict():
            return {name: _with_holes(one) for name, one in value.items()}
        case list():
            return [_with_holes(one) for one in value]
        case _:
            return value


def _printf(value: Any) -> str:
    """Give the format with which a shell's `printf` prints a JSON value around its pictures, quoted."""
    text = json.dumps(_with_holes(value), ensure_ascii=False)
    return shlex.quote(text.replace("\\", "\\\\").replace("%", "%%").replace(_HOLE, "%s"))


def _joined(value: Any) -> str:
    """Give a JSON value as texts joined with `+` around calls of `base64`, for Java and Go."""
    parts = json.dumps(_with_holes(value), ensure_ascii=False).split(_HOLE)
    holes = [f"base64({_quoted(one.filename)})" for one in _pictures(value)]
    texts = [_quoted(one) for one in parts]
    return " + ".join(word for pair in zip(texts, [*holes, ""], strict=True) for word in pair if word)
