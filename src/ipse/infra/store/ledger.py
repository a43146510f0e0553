"""The ledger, to write: a line for every call, what it can be found by, and what was decided in it."""

import json
from typing import Final

from sqlalchemy import Connection, delete

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import insert_once
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import EVIDENCE, LEDGER, MARKS
from ipse.service.ports import LedgerEntry, Mark, Receipt

DAY_S: Final = 86_400

_MARKED: Final = MARKS.insert()
_DECIDED: Final = EVIDENCE.insert()


class Ledger:
    """
    Writes receipts.

    Args:
        master_key: Hashes what calls are found by, and seals what was decided.
        evidence_days: How long decisions are kept; with 0 none is.
    """

    def __init__(self, master_key: MasterKey, evidence_days: int) -> None:
        self._master_key = master_key
        self._evidence_days = evidence_days

    def write(self, connection: Connection, receipt: Receipt) -> bool:
        """Write a receipt within an open transaction; `False`, and nothing written, if it was written before."""
        entry = receipt.entry
        if not insert_once(connection, LEDGER, _line(entry)):
            return False
        if receipt.marks:
            rows = [
                {"kind": mark.kind, "hash": mark_hash(self._master_key, mark), "entry": str(entry.id)}
                for mark in dict.fromkeys(receipt.marks)
            ]
            connection.execute(_MARKED, rows)
        if receipt.decision is not None and self._evidence_days > 0:
            # Canonical: the same decision is the same bytes, whoever signs it later.
            plain = json.dumps(receipt.decision, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            sealed = self._master_key.seal(plain.encode(), about(EVIDENCE.c.content, str(entry.id)))
            ends_ms = int((entry.at + self._evidence_days * DAY_S) * 1000)
            kept = {"entry": str(entry.id), "content": sealed, "expires_at_ms": ends_ms}
            connection.execute(_DECIDED, kept)
        return True


def mark_hash(master_key: MasterKey, mark: Mark) -> bytes:
    """What is kept of a mark; a number has one spelling."""
    text = one_spelling(mark.text) if mark.kind == "number" else mark.text
    return master_key.keyed_hash(f"mark {mark.kind}", text)


def forget_marks(connection: Connection, master_key: MasterKey, mark: Mark) -> int:
    """Make calls impossible to find by this mark, and give how many could be; the ledger itself stays whole."""
    is_it = (MARKS.c.kind == mark.kind) & (MARKS.c.hash == mark_hash(master_key, mark))
    return connection.execute(delete(MARKS).where(is_it)).rowcount


def _line(entry: LedgerEntry) -> dict[str, object]:
    """An entry as a row."""
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
