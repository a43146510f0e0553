"""
Webhooks that a server of an older version has put off as jobs: passed on to where webhooks wait now.

Both versions serve side by side while a fleet is upgraded; the last of the old ones may leave some behind.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from uuid import UUID

from ipse.service.capture_states import CaptureStates
from ipse.service.captures import CaptureStanding
from ipse.service.jobs import NotNow
from ipse.service.ports import Job, Seat
from ipse.service.webhooks import Announcing, news_of

JOB: Final = "webhook"
"""What jobs of this kind were called."""

AGAIN_AFTER_S: Final = 30.0
"""When a result that is not there yet is looked for again. Source: as the version before did."""


def pass_on(
    states: CaptureStates, announcing: Announcing, told: Callable[[CaptureStanding], Mapping[str, Any]]
) -> Callable[[Job, Seat], Awaitable[bytes]]:
    """Give what does jobs of this kind."""

    async def work(job: Job, seat: Seat) -> bytes:
        del seat
        capture, address = json.loads(job.payload)
        state = await states.find(job.owner, capture)
        if state is None:
            return b""  # It is over: nobody may be told any more.
        if state.result is None:
            raise NotNow(AGAIN_AFTER_S)
        entry, key = str(UUID(capture)), job.owner.partition(":")[2]
        standing = CaptureStanding(state, state.stands(announcing.clock.now()))
        await announcing.tell(news_of("capture", entry, key, address, told(standing)))
        return b""

    return work
