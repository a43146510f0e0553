"""AskForCase: what did people come to about my call?"""

from dataclasses import dataclass

from ipse.core.reasons import Reason, Refusal
from ipse.service.ports import CaseLine, Cases, Clock, Mark, Seat, Stopwatch
from ipse.service.read_records import WhichCall
from ipse.service.records import call_of


@dataclass(frozen=True, slots=True)
class AskForCase:
    """
    The use case.

    Attributes:
        cases: What people look at.
        clock: For those that are forgotten.
    """

    cases: Cases
    clock: Clock

    async def __call__(self, which: WhichCall, seat: Seat, stages: Stopwatch) -> CaseLine:
        """
        Give how the case of a call stands.

        Raises:
            Refusal: `RECORD_UNKNOWN`: it has none, or it is another key's, or nobody remembers it any more.
        """
        del seat
        call = None if isinstance(which.by, Mark) else call_of(which.by)
        with stages.stage("case"):
            case = None if call is None else await self.cases.find(str(call), self.clock.now(), which.key)
        if case is None:
            raise Refusal(Reason.RECORD_UNKNOWN)
        return case.line
