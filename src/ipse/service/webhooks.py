"""
Webhooks: an integrator is told the result of a capture, signed, as soon as it is there.

The address is a stranger's: it is asked only if it is public or allowed, and never followed elsewhere. Who does not
answer is told again, a few times.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from ipse.core.genuineness.webhook import HEADER, signature_of
from ipse.core.reasons import Refusal
from ipse.service.capture_states import CaptureState, CaptureStates
from ipse.service.captures import CaptureStanding
from ipse.service.jobs import NotNow
from ipse.service.ports import Clock, Job, Jobs, Seat, Webhooks, WebhookSecrets

JOB: Final = "webhook"
"""What jobs of this kind are called."""

AGAIN_AFTER_S: Final = (30.0, 300.0)
"""How long after the first and the second attempt the next one is made. Source: ours; a restart takes seconds."""

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Announcing:
    """
    Puts off that a result is told.

    Attributes:
        jobs: Where that waits.
    """

    jobs: Jobs

    async def put_off(self, owner: str, state: CaptureState) -> None:
        """Have the webhook of a capture told its result, which will be kept in a moment."""
        payload = json.dumps([state.id, state.webhook]).encode()
        await self.jobs.put(state.id, JOB, owner, payload, state.kept_until)


@dataclass(frozen=True, slots=True)
class Announcer:
    """
    Tells results.

    Attributes:
        states: Keep captures.
        webhooks: Carries what is told.
        secrets: What it is signed with.
        told: Gives the body: what the owner would be answered.
        clock: For the signature.
    """

    states: CaptureStates
    webhooks: Webhooks
    secrets: WebhookSecrets
    told: Callable[[CaptureStanding], bytes] = field(repr=False)
    clock: Clock

    async def __call__(self, job: Job, seat: Seat) -> bytes:
        """
        Give nothing, once somebody has taken it.

        Raises:
            NotNow: Nobody has, or the result is not there yet.
        """
        del seat
        capture, address = json.loads(job.payload)
        state = await self.states.find(job.owner, capture)
        if state is None:
            return b""  # It is over: nobody may be told any more.
        if state.result is None:
            raise NotNow(AGAIN_AFTER_S[0])
        now = self.clock.now()
        body = self.told(CaptureStanding(state, state.stands(now)))
        headers = {"Content-Type": JSON, HEADER: signature_of(body, self.secrets.secret(job.owner), now)}
        try:
            await self.webhooks.deliver(address, body, headers)
        except Refusal:
            raise NotNow(AGAIN_AFTER_S[min(job.attempt, len(AGAIN_AFTER_S)) - 1]) from None
        return b""
