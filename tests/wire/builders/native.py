"""Our own API, as far as it answers."""

from collections.abc import Mapping

from ipse.core.reasons import Reason
from ipse.protocols import native
from ipse.protocols.native.errors import ERRORS
from tests.wire.builder import Builder, Case, Sent


def request(case: Case, _pictures: Mapping[str, bytes]) -> Sent:
    """A bare call."""
    return Sent(case.get("method", "POST"), case["path"], (), case.get("raw", "").encode())


BUILDER = Builder(
    keys=(),
    dialect=lambda _world: native.dialect(),
    request=request,
    headers=lambda _case: {"content-type": "application/problem+json"},
    families={"problems": {reason: reason is Reason.OPERATION_UNKNOWN for reason in ERRORS}},
    family_of=lambda _operation: "problems",
)
