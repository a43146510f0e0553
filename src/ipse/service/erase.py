"""
Erase: a call or a person is forgotten, and a signed receipt says what is gone, and what stays and why.

No name, number, uuid, picture or token is in a receipt: what is gone is named by the digest of its place.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from ipse.service.evidence import Signer, signed
from ipse.service.ports import Clock
from ipse.service.ports.audit import AuditTrail
from ipse.service.ports.retention import Erased, Erasing, Gone, Whom

FORMAT: Final = "ipse-erasure/1"
"""What a receipt says of itself first."""

ACTION: Final = "erase"
"""What the audit trail calls it."""

STAYS: Final[Mapping[str, str]] = {
    "ledger": "one line for each call: key, operation, outcome, time; nothing personal; bills rest on it",
    "once": "keyed hashes of spent sessions, so that no one is used again, and for an hour of calls that were erased, "
    "so that nothing more is written of them",
    "audit": "lines about calls, cases, webhooks and receipts by their ids; no name, number, uuid or token",
    "log": "lines about calls by their ids; no name, number, uuid or token; they end where and when you say so",
    "backups": "made before this: they hold everything as it was, and bring it back when restored; delete them",
    "receivers": "answers and webhooks that were sent are with whoever got them",
}
"""What an erasure leaves, whatever the database is."""

NOT_COMPACTED: Final = (
    "deleted rows are in the file, encrypted, until it is compacted: others were writing; run the same command again"
)
"""Why something stays in SQLite's file."""

DEAD_ROWS: Final = (
    "dead rows were vacuumed: no query and no dump shows them; their bytes, encrypted, are overwritten as the space is "
    "used anew; write-ahead logs, replicas and snapshots follow the rules that you set for them"
)
"""What stays in PostgreSQL's files."""

BLOBS_LEFT: Final = (
    "nobody can read them, for their data key is gone; servers collect them after a day, each those of its own store"
)

UNDER_WAY: Final = "calls were under way: run the same command again to reach what they keep"


@dataclass(frozen=True, slots=True)
class Erase:
    """
    The use case.

    Attributes:
        erasing: Finds and deletes.
        signer: Vouches for receipts.
        trail: Where it is noted.
        clock: When it was.
        entropy: Gives that many random bytes.
    """

    erasing: Erasing
    signer: Signer
    trail: AuditTrail
    clock: Clock
    entropy: Callable[[int], bytes] = field(repr=False)

    async def __call__(self, whom: Whom, actor: str) -> Mapping[str, Any]:
        """Give the signed receipt; erased twice, the second receipt names nothing."""
        erased = await self.erasing.erase(whom, self.clock.now())
        receipt = str(UUID(bytes=self.entropy(16), version=4))
        await self.trail.note(actor, ACTION, receipt, by=whom.by, calls=erased.calls, artefacts=len(erased.gone))
        return signed(unsigned(receipt, whom, erased, self.clock.now()), self.signer)


def unsigned(receipt: str, whom: Whom, erased: Erased, now: float) -> dict[str, Any]:
    """Give a receipt, not yet signed."""
    counts = Counter(one.stands_in for one in erased.gone)
    return {
        "format": FORMAT,
        "receipt": receipt,
        "at": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
        "by": whom.by,
        "calls": erased.calls,
        "counts": dict(sorted(counts.items())),
        "artefacts": [_named(one) for one in erased.gone],
        "stays": _stays(erased),
    }


def _named(gone: Gone) -> dict[str, str]:
    """Give what is gone, by the digest of where it was."""
    digest = hashlib.sha256(gone.stands_in.encode() + b"\0" + gone.place).hexdigest()
    return {"in": gone.stands_in, "kind": gone.kind, "place_sha256": digest}


def _stays(erased: Erased) -> dict[str, str]:
    """Give what stays, and why."""
    stays = dict(STAYS)
    if erased.database == "postgresql":
        stays["database"] = DEAD_ROWS
    elif not erased.compacted:
        stays["database"] = NOT_COMPACTED
    if erased.blobs_left:
        stays["blobs"] = f"{erased.blobs_left} could not be deleted yet, or are not in this store: {BLOBS_LEFT}"
    if erased.under_way:
        stays["calls"] = UNDER_WAY
    return stays
