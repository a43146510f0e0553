"""A liveness session: what the server asked one capture to be, and the key that the capture is signed with."""

from dataclasses import dataclass, field

from ipse.core.genuineness.capture import Action, Colour


@dataclass(frozen=True, slots=True)
class LivenessSession:
    """
    What was issued to one client for one capture.

    Attributes:
        sid: Its id, `<unix seconds>,<uuid v4>`.
        kid: The short name of its key, which stands in the header of what it signs.
        nonce: 16 random bytes that must come back.
        key: 32 random bytes: HMAC-SHA256 over bundle or flash result.
        actions: What the subject is asked to do, in this order.
        colours: What the screen is lit with, in this order; empty when no flash run was asked for.
        biz_no: The id of the flash run; `None` when none was asked for.
        issued_at: Unix seconds.
        expires_at: Unix seconds.
    """

    sid: str
    kid: str
    nonce: bytes = field(repr=False)
    key: bytes = field(repr=False)
    actions: tuple[Action, ...]
    colours: tuple[Colour, ...]
    biz_no: str | None
    issued_at: float
    expires_at: float
