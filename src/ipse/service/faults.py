"""What may be told of a fault that nobody expected."""

from ipse.service.ports import OutsideError


def told_of(fault: BaseException) -> dict[str, str]:
    """
    What a log line says of a fault: its kind, and its words only where they were written for the operator.

    Any other fault's words may quote what a caller sent.
    """
    kind = {"error": type(fault).__qualname__}
    return {**kind, "why": str(fault)} if isinstance(fault, OutsideError) else kind
