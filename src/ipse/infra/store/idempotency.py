"""
The port `Idempotency` on the store.

The row of a key is made before the work begins, so that two servers cannot both do it. It bears the call that made it:
who was away for so long that the key went to another ends nothing of that one's.
"""

import json
from typing import Final

from sqlalchemy import Engine, select

from ipse.core.reasons import Reason, Refusal
from ipse.infra.master_key import MasterKey
from ipse.infra.store.database import insert_once, writing
from ipse.infra.store.heart import LEASE_S, Heart
from ipse.infra.store.links import link, unlink
from ipse.infra.store.questions import Questions
from ipse.infra.store.sealed import about
from ipse.infra.store.tables import IDEMPOTENCY
from ipse.service.ports import KeptAnswer
from ipse.service.under_way import call_under_way

RESERVED_S: Final = LEASE_S
"""How long a request is taken to be under way that nobody renews: the keys of a killed server come free after it."""

KEPT_S: Final = 24 * 3600
"""How long an answer is given again. Source: docs.stripe.com/api/idempotent_requests keeps keys at least 24 hours."""


class StoredIdempotency:
    """
    Answers by a keyed hash of owner and key.

    Args:
        database: Up to date, unlocked by this master key.
        master_key: Seals and opens the answers.
        questions: Where the database is asked.
        heart: Renews reservations; without one they end by themselves.
    """

    def __init__(
        self, database: Engine, master_key: MasterKey, questions: Questions, heart: Heart | None = None
    ) -> None:
        self._database = database
        self._master_key = master_key
        self._questions = questions
        self._heart = heart

    async def begin(self, owner: str, key: str, fingerprint: bytes, now: float) -> KeptAnswer | None:
        """
        Give the answer that this request got before, or `None` and a reservation.

        Raises:
            Refusal: `IDEMPOTENCY_CONFLICT`: the key came with another request (field `request`), or its first one is
                under way.
        """
        place = self._place(owner, key)
        mark = self._master_key.keyed_hash("idempotent request", fingerprint.hex())
        sealed = await self._questions.ask(lambda: self._begin(place, mark, int(now * 1000)))
        if sealed is None and self._heart is not None:
            self._heart.hold(IDEMPOTENCY, place)
        return None if sealed is None else _unpack(self._master_key.open(sealed, about(IDEMPOTENCY.c.answer, place)))

    async def end(self, owner: str, key: str, answer: KeptAnswer | None) -> None:
        """Keep the answer; `None` gives the reservation back, so that the caller may try again."""
        place = self._place(owner, key)
        sealed = None
        if answer is not None:
            sealed = self._master_key.seal(_pack(answer), about(IDEMPOTENCY.c.answer, place))
        try:
            await self._questions.insist(lambda: self._end(place, sealed))
        finally:
            if self._heart is not None:
                self._heart.let_go(IDEMPOTENCY, place)

    def _place(self, owner: str, key: str) -> bytes:
        """Where it rests."""
        return self._master_key.keyed_hash("idempotency", f"{owner}\0{key}")

    def _begin(self, place: bytes, mark: bytes, now_ms: int) -> bytes | None:
        """The sealed answer, or a reservation: the INSERT decides who is first."""
        row = {"hash": place, "fingerprint": mark, "word": _word(), "expires_at_ms": now_ms + RESERVED_S * 1000}
        is_here = IDEMPOTENCY.c.hash == place
        with writing(self._database) as connection:
            if connection.execute(IDEMPOTENCY.delete().where(is_here, IDEMPOTENCY.c.expires_at_ms <= now_ms)).rowcount:
                unlink(connection, IDEMPOTENCY, (place,))
            if insert_once(connection, IDEMPOTENCY, row):
                link(connection, IDEMPOTENCY, place)
                return None
            found = connection.execute(select(IDEMPOTENCY).where(is_here)).one_or_none()
        if found is not None and found.fingerprint != mark:
            raise Refusal(Reason.IDEMPOTENCY_CONFLICT, "request")
        if found is None or found.answer is None:
            raise Refusal(Reason.IDEMPOTENCY_CONFLICT)
        return bytes(found.answer)

    def _end(self, place: bytes, sealed: bytes | None) -> None:
        """Keep the answer from the last renewal on, or delete the reservation; another call's stays as it is."""
        reserved = (IDEMPOTENCY.c.hash == place, IDEMPOTENCY.c.answer.is_(None), IDEMPOTENCY.c.word == _word())
        kept_until_ms = IDEMPOTENCY.c.expires_at_ms + (KEPT_S - RESERVED_S) * 1000
        with writing(self._database) as connection:
            if sealed is None:
                if connection.execute(IDEMPOTENCY.delete().where(*reserved)).rowcount:
                    unlink(connection, IDEMPOTENCY, (place,))
            else:
                keep = IDEMPOTENCY.update().where(*reserved)
                connection.execute(keep.values(answer=sealed, expires_at_ms=kept_until_ms))


def _word() -> str:
    """What the call under way is known by."""
    return str(call_under_way() or "")


def _pack(answer: KeptAnswer) -> bytes:
    """An answer as bytes: one line of JSON, then the body as it was."""
    return json.dumps([answer.status, answer.headers]).encode() + b"\n" + answer.body


def _unpack(packed: bytes) -> KeptAnswer:
    """The answer in the bytes that `_pack` gave."""
    head, _, body = packed.partition(b"\n")
    status, headers = json.loads(head)
    return KeptAnswer(status, tuple((name, value) for name, value in headers), body)
