"""Find: calls by request id, by the caller's own id, by time; what was decided, what is kept, and erasing it."""

import base64
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Literal, TypeAlias
from uuid import UUID

from ipse.console.page import Answer, Asked, Page, Refused, Route, Sent, Shown, Went
from ipse.console.pages.decisions import told
from ipse.console.showing import begin_of, end_of, moment, read_day
from ipse.service.desk.find import MOST, DeskFind
from ipse.service.desk.roles import Right
from ipse.service.erase import Erase
from ipse.service.ports import FoundRecord, IssuedKeys, LedgerEntry, Mark
from ipse.service.ports.ledger import LinesWish
from ipse.service.ports.retention import EraseBy, Whom

MarkKind: TypeAlias = Literal["uuid", "token", "number"]

MARKS: Final[tuple[MarkKind, ...]] = ("uuid", "token", "number")
"""What else than a request id a call can be found by."""

ERASABLE: Final[tuple[EraseBy, ...]] = ("request", "uuid", "number")
"""By what can be erased."""

UNKNOWN: Final = Refused(HTTPStatus.NOT_FOUND, "no_page")

JPEG: Final = b"\xff\xd8"
"""How a JPEG begins; ISO/IEC 10918-1, B.1.1.3. PNG and WebP have signatures of their own."""


@dataclass(frozen=True, slots=True)
class Find:
    """The answers of the page."""

    desk: DeskFind
    erase: Erase
    keys: IssuedKeys

    async def ask(self, asked: Asked) -> Answer:
        """Give the forms, and the calls of a key and a time if they were asked for."""
        names = await self._names()
        fields = {name: asked.query(name) for name in ("key", "since", "until", "outcome")}
        since, until = read_day(fields["since"]), read_day(fields["until"])
        wish = LinesWish(
            key=fields["key"] or None,
            outcome=fields["outcome"] or None,
            since=None if since is None else begin_of(since),
            until=None if until is None else end_of(until),
            most=MOST,
        )
        found = await self.desk.by_time(wish) if any(fields.values()) or asked.query("all") else None
        return _list(found, names, fields)

    async def look(self, asked: Asked) -> Answer:
        """Give the call of an id, or the calls of a mark; neither stands in the address."""
        by, text = asked.text("by"), asked.text("text")
        kind: MarkKind | None = next((one for one in MARKS if one == by), None)
        if kind is not None and text:
            mark = Mark(kind, text)
            found = await self.desk.by_mark(asked.known.user, mark)
            return _list(found, await self._names(), {"by": by, "text": text})
        call = await self.desk.by_id(text)
        if call is None:
            return _list((), await self._names(), {"by": by, "text": text})
        return Went(f"/find/{call}")

    async def one(self, asked: Asked) -> Answer:
        """Give one call."""
        return await self._call(asked, with_pictures=False)

    async def pictures(self, asked: Asked) -> Answer:
        """Give one call with the pictures that are kept of it."""
        return await self._call(asked, with_pictures=True)

    async def evidence(self, asked: Asked) -> Answer:
        """Give the signed record as a file."""
        call = _call_of(asked)
        record = None if call is None else await self.desk.evidence(asked.known.user, call)
        if record is None:
            return UNKNOWN
        return Sent(_json(record), "application/json", filename=f"ipse-evidence-{call}.json")

    async def forget(self, asked: Asked) -> Answer:
        """Erase, and show the receipt."""
        by: EraseBy | None = next((one for one in ERASABLE if one == asked.text("by")), None)
        text = asked.text("text")
        if by is None or not text:
            return UNKNOWN
        receipt = await self.erase(Whom(by, text, asked.text("key") or None), asked.known.user)
        facts = {"receipt": receipt, "written": _json(receipt).decode(), "by": by}
        return Shown("find_erased.html", facts)

    async def receipt(self, asked: Asked) -> Answer:
        """Give a receipt back as a file: it is not kept here, so the page brings it."""
        return Sent(asked.text("receipt").encode(), "application/json", filename="ipse-erasure-receipt.json")

    async def _call(self, asked: Asked, *, with_pictures: bool) -> Answer:
        """Give one call, with pictures for whoever may see them."""
        call = _call_of(asked)
        found = None if call is None else await self.desk.one(asked.known.user, call)
        if call is None or found is None:
            return UNKNOWN
        shown = await self.desk.pictures(asked.known.user, call) if with_pictures else ()
        facts = {
            "line": _line(found.record.entry, await self._names()),
            "entry": found.record.entry,
            "evidence_until": moment(found.record.evidence_until),
            "decision": None if found.decision is None else told(found.decision),
            "kept": [(one.kind, one.name, moment(one.expires_at)) for one in found.kept],
            "with_pictures": with_pictures,
            "pictures": [(one.artefact.name, _address(one.content)) for one in shown],
        }
        return Shown("find_one.html", facts)

    async def _names(self) -> dict[str, str]:
        """Give what keys are called."""
        return {key.id: key.name for key in await self.keys.every()}


def page(desk: DeskFind, erase: Erase, keys: IssuedKeys) -> Page:
    """Give the page."""
    find = Find(desk, erase, keys)
    see = Right.FIND
    return Page(
        "find",
        (
            Route("GET", "/find", find.ask, see),
            Route("POST", "/find", find.look, see),
            Route("POST", "/find/erase", find.forget, Right.ERASE),
            Route("POST", "/find/receipt", find.receipt, Right.ERASE),
            Route("GET", "/find/{call}", find.one, see),
            Route("GET", "/find/{call}/evidence", find.evidence, see),
            Route("POST", "/find/{call}/pictures", find.pictures, Right.SEE_PICTURES),
        ),
        see,
    )


def _list(found: tuple[FoundRecord, ...] | None, names: dict[str, str], fields: dict[str, str]) -> Shown:
    """Give the forms with what was found; `None` is before anything was asked."""
    facts = {
        "lines": None if found is None else [_line(one.entry, names) for one in found],
        "most": MOST,
        "keys": names,
        "marks": MARKS,
        "fields": dict.fromkeys(("by", "text", "key", "since", "until", "outcome"), "") | fields,
    }
    return Shown("find.html", facts)


def _line(entry: LedgerEntry, names: dict[str, str]) -> dict[str, object]:
    """Give a call as lists show it."""
    return {"entry": entry, "at": moment(entry.at), "name": names.get(entry.key, "")}


def _call_of(asked: Asked) -> UUID | None:
    """Give the call that the address names."""
    try:
        return UUID(asked.words["call"])
    except ValueError:
        return None


def _json(value: object) -> bytes:
    """Give a record as a file has it: it can be read, and what is signed stays as it was."""
    return json.dumps(value, indent=2, ensure_ascii=False).encode()


def _address(content: bytes) -> str:
    """Give a picture as an address of its own, so that nothing fetches it a second time."""
    kind = "jpeg" if content.startswith(JPEG) else "png" if content.startswith(b"\x89PNG") else "webp"
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
