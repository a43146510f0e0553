"""What our own API asks of the store, in memory: the ledger to read, answers to give again, a key that signs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from ipse.core.cards.numbers.spelling import one_spelling
from ipse.core.reasons import Reason, Refusal
from ipse.infra.master_key import MasterKey
from ipse.infra.signing import EvidenceKey
from ipse.service.ports import FoundRecord, KeptAnswer, Mark, Receipt, UsageRow, UsageWish
from ipse.service.roll import Entered, Newcomer
from tests.wire.ports import InMemoryCallers

EVIDENCE_S = 90 * 86_400.0


MASTER_KEY = MasterKey(bytes(range(32)))


def evidence_key() -> EvidenceKey:
    """The key that a master key of the bytes 0 to 31 leads to."""
    return EvidenceKey(MASTER_KEY)


@dataclass
class InMemoryRecords:
    """The ledger of the in-memory callers, to read."""

    callers: InMemoryCallers

    async def usage(self, wish: UsageWish) -> tuple[UsageRow, ...]:
        """What was used, by day or by operation."""
        rows: dict[str, list[Receipt]] = {}
        for receipt in self.callers.ledger:
            entry = receipt.entry
            inside = (wish.since or 0.0) <= entry.at < (wish.until or float("inf"))
            if wish.key in {None, entry.key} and inside:
                day = datetime.fromtimestamp(entry.at, UTC).date().isoformat()
                groups = {"day": day, "operation": f"{entry.dialect} {entry.operation}", "key": entry.key, "uuid": ""}
                group = groups[wish.by]
                rows.setdefault(group, []).append(receipt)
        return tuple(
            UsageRow(
                group,
                len(receipts),
                sum(receipt.entry.outcome == "ok" for receipt in receipts),
                sum(receipt.entry.billed for receipt in receipts),
            )
            for group, receipts in sorted(rows.items())
        )

    async def of_call(self, call: UUID, key: str | None) -> FoundRecord | None:
        """The last call of this id: in this world all calls have the same."""
        found = [receipt for receipt in self._of(key) if receipt.entry.id == call]
        return _record(found[-1]) if found else None

    async def of_mark(self, mark: Mark, key: str | None, most: int = 100) -> tuple[FoundRecord, ...]:
        """The newest calls of a mark."""
        found = [receipt for receipt in self._of(key) if mark in receipt.marks]
        return tuple(_record(receipt) for receipt in reversed(found))[:most]

    async def decision(self, call: UUID, key: str | None, now: float) -> Mapping[str, object] | None:
        """What the last call of this id decided, for 90 days."""
        found = [receipt for receipt in self._of(key) if receipt.entry.id == call]
        return found[-1].decision if found and now < found[-1].entry.at + EVIDENCE_S else None

    def _of(self, key: str | None) -> list[Receipt]:
        """The receipts of a key, or of all."""
        return [receipt for receipt in self.callers.ledger if key in {None, receipt.entry.key}]


def _record(receipt: Receipt) -> FoundRecord:
    """A receipt as it is found again."""
    until = None if receipt.decision is None else receipt.entry.at + EVIDENCE_S
    return FoundRecord(receipt.entry, until)


@dataclass
class InMemoryRoll:
    """People in a mapping; a number that ends in 9 belongs to a database that does not answer."""

    entered: dict[str, Entered] = field(default_factory=dict)

    async def put(self, newcomer: Newcomer, now: float) -> bool:
        """Put somebody in; whether nobody had the number."""
        number = self._asked(newcomer.id_number)
        is_new = number not in self.entered
        self.entered[number] = Entered(newcomer.name, newcomer.shown.state, newcomer.shown.monochrome, now)
        return is_new

    async def find(self, id_number: str) -> Entered | None:
        """Who has this number."""
        return self.entered.get(self._asked(id_number))

    async def remove(self, id_number: str) -> bool:
        """Take somebody out."""
        return self.entered.pop(self._asked(id_number), None) is not None

    def _asked(self, id_number: str) -> str:
        """A number that may be asked for."""
        number = one_spelling(id_number)
        if number.endswith("9"):
            raise Refusal(Reason.DATA_SOURCE_FAILED)
        return number


@dataclass
class InMemoryIdempotency:
    """Answers in a mapping; `None` stands for a request under way, an empty fingerprint for whatever it was."""

    kept: dict[tuple[str, str], tuple[bytes, KeptAnswer | None]] = field(default_factory=dict)

    async def begin(self, owner: str, key: str, fingerprint: bytes, now: float) -> KeptAnswer | None:
        """The answer, or a reservation."""
        del now
        before = self.kept.get((owner, key))
        if before is None:
            self.kept[owner, key] = fingerprint, None
            return None
        if before[0] not in {b"", fingerprint}:
            raise Refusal(Reason.IDEMPOTENCY_CONFLICT, "request")
        if before[1] is None:
            raise Refusal(Reason.IDEMPOTENCY_CONFLICT)
        return before[1]

    async def end(self, owner: str, key: str, answer: KeptAnswer | None) -> None:
        """Keep it, or give the reservation back."""
        if answer is None:
            del self.kept[owner, key]
        else:
            self.kept[owner, key] = self.kept[owner, key][0], answer
