"""
Ipse's capture, from an integrator's side: open a capture, read its result, check what is told to a webhook.

`sign_bundle` and `pack_flash` make what the capture page makes, for clients that capture by themselves;
docs/liveness-bundle.md is the format.
"""

from ipse.capture.client import CaptureClient, CaptureRefused, OpenCapture
from ipse.capture.signing import SDK, pack_flash, sign_bundle
from ipse.capture.webhook import WebhookRefused, check_webhook, sign_webhook

__all__ = [
    "SDK",
    "CaptureClient",
    "CaptureRefused",
    "OpenCapture",
    "WebhookRefused",
    "check_webhook",
    "pack_flash",
    "sign_bundle",
    "sign_webhook",
]
