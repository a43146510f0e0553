"""What Ipse tells an integrator by itself, and how the integrator knows that it was Ipse."""

import json
import time
from collections.abc import Mapping
from typing import Any

from ipse.core.genuineness.webhook import HEADER, is_signed, signature_of


class WebhookRefused(ValueError):  # noqa: N818 (it reads as what it is)
    """Nobody with the secret signed this body within the last five minutes."""


def sign_webhook(body: bytes, secret: str, now: float | None = None) -> dict[str, str]:
    """Give the header under which Ipse sends a body, as a test of a webhook's receiver needs it."""
    return {HEADER: signature_of(body, (secret,), time.time() if now is None else now)}


def check_webhook(headers: Mapping[str, str], body: bytes, secret: str, now: float | None = None) -> dict[str, Any]:
    """
    Give what was told, if Ipse told it.

    What is told twice has the same `delivery` both times: nothing may follow from it twice.

    Args:
        headers: The request's headers, in any case.
        body: The request's body as it came: parsed and written anew, its signature no longer fits.
        secret: The key's secret; while it is being changed, the old one and the new one both fit.
        now: Unix seconds; by default the clock's.

    Raises:
        WebhookRefused: The signature is missing, wrong, or more than five minutes off.
    """
    value = next((value for name, value in headers.items() if name.lower() == HEADER.lower()), "")
    if not is_signed(value, body, secret, time.time() if now is None else now):
        raise WebhookRefused(f"{HEADER} is not a good signature of this body")
    told: dict[str, Any] = json.loads(body)
    return told
