"""How a capture stands, from its opening to its end: kept sealed in the vault, found only by its owner."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from ipse.core.faces.packing import pack, unpack
from ipse.core.genuineness.judgement import Judgement, Judgements, Status
from ipse.core.genuineness.policy import Verdict
from ipse.core.vocabulary import Template
from ipse.service.ports import Clock, Vault

Stands: TypeAlias = Literal["waiting", "passed", "warned", "failed", "expired"]


@dataclass(frozen=True, slots=True)
class CaptureResult:
    """
    What became of a capture.

    Attributes:
        verdict: What followed from the judgements.
        judgements: Every judgement.
        digests: Hex SHA-256 of the pictures, by their names.
        at: Unix seconds.
        template: Of the best frame; `None` of a capture that failed, whose person nobody may be compared with.
    """

    verdict: Verdict
    judgements: Judgements
    digests: Mapping[str, str]
    at: float
    template: Template | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaptureState:
    """
    A capture.

    Attributes:
        id: What its owner asks for it by.
        sid: Its session.
        opened_at: Unix seconds.
        expires_at: Until when somebody may do it.
        kept_until: Until when it is remembered.
        asked: The actions that are asked for, in their order.
        flash: Whether a flash run is asked for.
        origin: The origin of the page that is told the end.
        webhook: Where the result is sent.
        uuid: What the owner calls it.
        id_number: Who is said to be captured, until that is decided.
        result: What became of it.
    """

    id: str
    sid: str = field(repr=False)
    opened_at: float
    expires_at: float
    kept_until: float
    asked: tuple[str, ...]
    flash: bool
    origin: str | None = None
    webhook: str | None = field(default=None, repr=False)
    uuid: str | None = field(default=None, repr=False)
    id_number: str | None = field(default=None, repr=False)
    result: CaptureResult | None = None

    def stands(self, now: float) -> Stands:
        """Give how it stands."""
        if self.result is not None:
            return self.result.verdict
        return "waiting" if now <= self.expires_at else "expired"


@dataclass(frozen=True, slots=True)
class CaptureStates:
    """
    Keeps captures.

    Attributes:
        vault: Where they rest.
        clock: When they are over.
    """

    vault: Vault
    clock: Clock

    async def put(self, owner: str, state: CaptureState) -> None:
        """Keep how a capture stands now."""
        await self.vault.put("capture", owner, state.id, packed(state), state.kept_until)

    async def find(self, owner: str, capture: str) -> CaptureState | None:
        """Give a capture of this owner."""
        content = await self.vault.get("capture", owner, capture, self.clock.now())
        return None if content is None else unpacked(content)


def packed(state: CaptureState) -> bytes:
    """Give a capture as bytes."""
    flat = {name: getattr(state, name) for name in CaptureState.__slots__ if name != "result"}
    return json.dumps({**flat, "result": None if state.result is None else _packed_result(state.result)}).encode()


def unpacked(content: bytes) -> CaptureState:
    """Give the capture in the bytes that `packed` gave."""
    kept = json.loads(content)
    result = None if kept["result"] is None else _unpacked_result(kept["result"])
    return CaptureState(**{**kept, "asked": tuple(kept["asked"]), "result": result})


def _packed_result(result: CaptureResult) -> dict[str, Any]:
    """Give a result as plain values."""
    return {
        "verdict": result.verdict,
        "judgements": [asdict(one) for one in result.judgements.values()],
        "digests": dict(result.digests),
        "at": result.at,
        "template": None if result.template is None else b64encode(pack(result.template)).decode(),
    }


def _unpacked_result(kept: dict[str, Any]) -> CaptureResult:
    """Give the result in plain values."""
    told = (Judgement(**{**one, "status": Status(one["status"])}) for one in kept["judgements"])
    return CaptureResult(
        verdict=kept["verdict"],
        judgements={one.name: one for one in told},
        digests=kept["digests"],
        at=kept["at"],
        template=None if kept["template"] is None else unpack(b64decode(kept["template"])),
    )
