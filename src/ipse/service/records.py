"""What a caller calls its call: request ids of every dialect, and the one id behind them."""

import re
from typing import Final
from uuid import UUID

_ID: Final = re.compile(r"(?:\d{1,12},|TID)?([0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12})")
"""
A call's id as the dialects spell it.

Source: `<seconds>,<uuid>` is Megvii's request_id, `TID` and 32 digits Linkface's; Tencent's RequestId and our own
`X-Request-Id` are the plain UUID.
"""


def call_of(request_id: str) -> UUID | None:
    """Give the correlation id that a request id was made from; `None` if it is no request id of ours."""
    found = _ID.fullmatch(request_id.strip())
    return None if found is None else UUID(found[1])
