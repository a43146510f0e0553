"""Under which licences everything stands that `run.lock` installs: said by the packages themselves, judged here."""

import re
from collections.abc import Iterator, Mapping
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Final, cast

from license_expression import ExpressionError, get_spdx_licensing

LOCK: Final = Path(__file__).with_name("run.lock")

ALLOWED: Final = frozenset(
    (
        *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC", "MIT", "MIT-0"),
        *("MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0", "Zlib"),
        *("LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later"),
    )
)
"""
What a bank may install beside its own programs without giving them away.

Source: SPDX's list; the LGPL ones are libraries that pip installs as such, so that they can be replaced (section 4).
"""

SPOKEN: Final[Mapping[str, str]] = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
"""What older packages say instead of an SPDX identifier; "BSD License" names none, its stricter form is taken."""


def pinned() -> Iterator[str]:
    """The names of the packages in the lock, each once."""
    found = re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    yield from dict.fromkeys(found)


def licence_of(package: str) -> str | None:
    """The licence of an installed package as an SPDX expression, or as it says it; `None`: it is not installed here."""
    try:
        told = cast("Message", metadata(package))
    except PackageNotFoundError:
        return None
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    named = [one.rpartition(" :: ")[2] for one in told.get_all("Classifier", []) if one.startswith("License ::")]
    said = [SPOKEN.get(one, one) for one in named if one != "OSI Approved"]
    stated = str(told.get("License") or "none stated")[:100]
    return " AND ".join(said) or SPOKEN.get(stated, stated)


def is_allowed(expression: str) -> bool:
    """Whether one may choose only allowed licences."""
    licensing = get_spdx_licensing()
    try:
        parsed = licensing.parse(expression, validate=True)
    except ExpressionError:
        return False
    return bool(_holds(parsed))


def _holds(parsed: object) -> bool:
    """Whether a parsed expression holds when exactly the allowed licences do."""
    operator = getattr(parsed, "operator", "").strip()
    arguments = getattr(parsed, "args", ())
    if operator == "AND":
        return all(_holds(one) for one in arguments)
    if operator == "OR":
        return any(_holds(one) for one in arguments)
    return str(parsed) in ALLOWED
