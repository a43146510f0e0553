"""The gate: whose credentials open it."""

import asyncio
import time
from dataclasses import dataclass
from typing import cast

import pytest

from ipse.core.reasons import Refusal
from ipse.service.access import STAND_IN, Access, Credential, SharedSecret
from ipse.service.ports import Callers, Compute, KeyRecord


@dataclass
class OneKey:
    """Knows one key."""

    record: KeyRecord

    async def find(self, dialect: str, key: str) -> KeyRecord | None:
        """Give it, if it is meant."""
        return self.record if (dialect, key) == (self.record.dialect, self.record.key) else None


class Clock:
    """The machine's time."""

    def now(self) -> float:
        """Give it."""
        return time.time()

    def monotonic(self) -> float:
        """Give it too."""
        return time.monotonic()


def outcome(record: KeyRecord, credential: Credential) -> str:
    """Whether a credential opens the gate, else why not."""
    access = Access(cast("Callers", OneKey(record)), cast("Compute", None), Clock())
    try:
        asyncio.run(access.identify(record.dialect, credential))
    except Refusal as refusal:
        return f"{refusal.reason.name} {refusal.field}"
    return "open"


@pytest.mark.parametrize("old", [None, "old"])
def test_both_secrets_open_while_the_old_one_has_its_grace(old: str | None) -> None:
    """The new one always, the old one while it stands in the record, the stand-in never."""
    record, no = KeyRecord("k", "faceid", "new", old_secret=old), "CREDENTIALS_INVALID secret"
    shown = {word: outcome(record, SharedSecret("k", word.encode())) for word in ("new", "old", STAND_IN, "")}
    assert {"new": "open", "old": "open" if old else no, STAND_IN: no, "": no} == shown
    assert outcome(record, SharedSecret("unknown", STAND_IN.encode())) == "CREDENTIALS_INVALID key"
