"""The ledger's rows: a line for every call, what it can be found by, and what was decided in it."""

import json
from typing import Any, Final

from sqlalchemy import Connection, delete

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.infra.master_key import MasterKey
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import EVIDENCE, MARKS
from ipse.service.ports import LedgerEntry, Mark, Receipt

DAY_S: Final = 86_400


class Ledger:
    """
    Puts what is written of a call into rows.

    Args:
        master_key: Hashes what calls are found by, and seals what was decided.
        evidence_days: How long decisions are kept; with 0 none is.
    """

    def __init__(self, master_key: MasterKey, evidence_days: int) -> None:
        self._master_key = master_key
        self._evidence_days = evidence_days

    def line(self, entry: LedgerEntry) -> dict[str, Any]:
        """The row of an entry."""
        return {
            "id": str(entry.id),
            "at_ms": int(entry.at * 1000),
            "key": entry.key,
            "dialect": entry.dialect,
            "operation": entry.operation,
            "outcome": entry.outcome,
            "status": entry.status,
            "billed": entry.billed,
            "counted": entry.counted,
            "elapsed_ms": entry.elapsed_ms,
        }

    def marks(self, receipt: Receipt) -> list[dict[str, Any]]:
        """What a call can be found by."""
        return [{"kind": mark.kind, "hash": mark_hash(self._master_key, mark)} for mark in dict.fromkeys(receipt.marks)]

    def decided(self, receipt: Receipt) -> dict[str, Any] | None:
        """What was decided in a call, sealed; `None` if nothing was, or nothing is kept."""
        if receipt.decision is None or self._evidence_days <= 0:
            return None
        # Canonical: the same decision is the same bytes, whoever signs it later.
        plain = json.dumps(receipt.decision, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        sealed = self._master_key.seal(plain.encode(), about(EVIDENCE.c.content, str(receipt.entry.id)))
        return {"content": sealed, "expires_at_ms": int((receipt.entry.at + self._evidence_days * DAY_S) * 1000)}


def mark_hash(master_key: MasterKey, mark: Mark) -> bytes:
    """What is kept of a mark; a number has one spelling."""
    text = one_spelling(mark.text) if mark.kind == "number" else mark.text
    return master_key.keyed_hash(f"mark {mark.kind}", text)


def forget_marks(connection: Connection, master_key: MasterKey, mark: Mark) -> int:
    """Make calls impossible to find by this mark, and give how many could be; the ledger itself stays whole."""
    is_it = (MARKS.c.kind == mark.kind) & (MARKS.c.hash == mark_hash(master_key, mark))
    return connection.execute(delete(MARKS).where(is_it)).rowcount
