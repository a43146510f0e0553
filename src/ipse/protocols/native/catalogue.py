"""Every operation of our own API in the order of the page, and the shapes that their answers share."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ipse.core.reasons import Reason
from ipse.protocols.native import genuineness, judging, read_cards, sights
from ipse.protocols.native.batch import BATCH
from ipse.protocols.native.captures import ALL as CAPTURES
from ipse.protocols.native.cards import ALL as CARDS
from ipse.protocols.native.cases import ALL as CASES
from ipse.protocols.native.compare import COMPARE
from ipse.protocols.native.described import Described
from ipse.protocols.native.detect import DETECT
from ipse.protocols.native.documents import DOCUMENTS
from ipse.protocols.native.errors import statuses
from ipse.protocols.native.fields import Schema
from ipse.protocols.native.genuineness import GENUINENESS
from ipse.protocols.native.holder import HOLDER
from ipse.protocols.native.ledger import ALL as LEDGER
from ipse.protocols.native.ledger import EVIDENCE_SCHEMA, RECORD
from ipse.protocols.native.people import ALL as PEOPLE
from ipse.protocols.native.shapes import REQUEST, array, optional, record, shared, text, whole

CATALOGUE: Final[tuple[Described, ...]] = (
    *(COMPARE, BATCH, DETECT, HOLDER),
    *(GENUINENESS, *CAPTURES),
    *(DOCUMENTS, *CARDS),
    *(*PEOPLE, *LEDGER, *CASES),
)
"""Every operation."""

PUBLIC: Final = ("/openapi.json", "/docs", "/problems/{reason}")
"""The pages that need no key; the server shows them, `ipse.protocols.native.pages` makes them."""

PROBLEM: Final = optional(
    record(
        "Why there is no answer (RFC 9457).",
        type=text("A page about it on this server.", format="uri-reference"),
        title=text("What is wrong."),
        status=whole("HTTP status.", 400, 599),
        detail=text("What you can do about it."),
        reason=text("The stable word for it.", enum=sorted(reason.value for reason in Reason)),
        request=REQUEST,
        field=text("What it is about: a field or a header."),
        pictures=array(shared("FoundPicture"), "What the pictures show, where that is why."),
    ),
    "field",
    "pictures",
)

SCHEMAS: Final[Mapping[str, Schema]] = MappingProxyType(
    {
        **sights.SCHEMAS,
        **judging.SCHEMAS,
        **genuineness.SCHEMAS,
        **read_cards.SCHEMAS,
        "Record": RECORD,
        "Evidence": EVIDENCE_SCHEMA,
        "Problem": PROBLEM,
    }
)
"""Shapes that several answers share."""


def reasons_by_status(described: Described) -> Mapping[int, tuple[Reason, ...]]:
    """Give what an operation may be refused for, by the status of the answer."""
    found: dict[int, list[Reason]] = {}
    for reason in sorted(described.reasons):
        for status in statuses(reason):
            found.setdefault(status.value, []).append(reason)
    return {status: tuple(found[status]) for status in sorted(found)}
