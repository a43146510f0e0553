"""Webhooks: what Ipse signs, an integrator can check; nothing else passes."""

import pytest

from ipse.capture import WebhookRefused, check_webhook, sign_webhook
from ipse.core.genuineness.webhook import signature_of

BODY = '{"capture":"c1","status":"passed","name":"王"}'.encode()
SECRET = "whsec"
NOW = 1_700_000_000.7
SIGNED = {"X-Ipse-Signature": "t=1700000000,v1=1ea7b5a6f6067c8da0d0bafac8e51a329813f64a2d374347923a2b0bb3170d56"}


def test_a_signature_is_as_documented() -> None:
    """HMAC-SHA256 over the time, a full stop and the body, in hex."""
    assert SIGNED == sign_webhook(BODY, SECRET, NOW)


@pytest.mark.parametrize("name", ["X-Ipse-Signature", "x-ipse-signature", "X-IPSE-SIGNATURE"])
def test_what_was_signed_is_told(name: str) -> None:
    """The body, parsed, however the header is spelt."""
    told = check_webhook({"Content-Type": "application/json", name: SIGNED["X-Ipse-Signature"]}, BODY, SECRET, NOW)
    assert {"capture": "c1", "status": "passed", "name": "王"} == told


@pytest.mark.parametrize("later_s", [-300, 300])
def test_clocks_may_be_off_by_five_minutes(later_s: float) -> None:
    """Five minutes early or late is accepted, a second more is not."""
    assert "c1" == check_webhook(SIGNED, BODY, SECRET, 1_700_000_000 + later_s)["capture"]
    with pytest.raises(WebhookRefused):
        check_webhook(SIGNED, BODY, SECRET, 1_700_000_000 + later_s * 301 / 300)


@pytest.mark.parametrize(
    "value",
    ["", "t=1700000000", "v1=00", "t=1700000000,v1=", "t=1700000001," + SIGNED["X-Ipse-Signature"].split(",")[1],
     SIGNED["X-Ipse-Signature"].upper(), SIGNED["X-Ipse-Signature"] + "0", "t=é,v1=é"],
)  # fmt: skip
def test_another_signature_is_refused(value: str) -> None:
    """Missing, broken, or moved to another time."""
    with pytest.raises(WebhookRefused):
        check_webhook({"X-Ipse-Signature": value}, BODY, SECRET, NOW)


def test_another_body_secret_or_no_header_is_refused() -> None:
    """One byte more, another secret, nothing at all."""
    for headers, body, secret in ((SIGNED, BODY + b" ", SECRET), (SIGNED, BODY, "other"), ({}, BODY, SECRET)):
        with pytest.raises(WebhookRefused):
            check_webhook(headers, body, secret, NOW)


def test_while_a_secret_is_changed_both_fit() -> None:
    """Whoever has the old secret or the new one is told, nobody else; schemes of later days are ignored."""
    value = signature_of(BODY, ("new", SECRET), NOW) + ",v2=later"
    for secret in ("new", SECRET):
        assert "c1" == check_webhook({"X-Ipse-Signature": value}, BODY, secret, NOW)["capture"]
    with pytest.raises(WebhookRefused):
        check_webhook({"X-Ipse-Signature": value}, BODY, "other", NOW)


def test_the_clock_is_asked_where_no_time_is_given() -> None:
    """Signed now, checked now."""
    assert "c1" == check_webhook(sign_webhook(BODY, SECRET), BODY, SECRET)["capture"]
