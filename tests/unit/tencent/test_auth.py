"""Signatures: the vendor's own figures, and what must never prove anything."""

import time
from dataclasses import replace
from hashlib import sha256
from urllib.parse import urlencode

import pytest

from ipse.core.reasons import Reason, Refusal
from ipse.infra.telemetry import RequestStopwatch, SystemClock
from ipse.protocols import body
from ipse.protocols.messages import Context, Head, WireRequest
from ipse.protocols.tencent.auth import OldSignature, Tc3Signature, authenticate
from ipse.protocols.tencent.parameters import LIMITS

RECORDED_AT = 1795254502.0


def context(now: float) -> Context:
    """A call that begins then."""
    return Context(bytes(16), now, SystemClock(), 0.0, RequestStopwatch())


def posted(content: bytes, **headers: str) -> WireRequest:
    """A POST of these bytes under these headers, whose underscores are hyphens."""
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return body.read(Head("POST", "/", b"", pairs), content, LIMITS)


def official() -> WireRequest:
    """The example of the vendor's guide to signature version 3."""
    return posted(
        rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}',
        host="cvm.tencentcloudapi.com",
        content_type="application/json; charset=utf-8",
        x_tc_timestamp="1551113065",
        authorization="TC3-HMAC-SHA256 Credential=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE/2019-02-25/cvm/tc3_request, "
        "SignedHeaders=content-type;host, Signature=72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
    )


SECRET = "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE"


def test_the_example_of_the_guide_is_proven() -> None:
    """Body, canonical request and signature come to the guide's figures."""
    signature = authenticate(official(), context(1551113065.0))
    assert isinstance(signature, Tc3Signature)
    assert "5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031" in signature.digests
    assert ("AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE", False, True) == (
        signature.key,
        signature.stale,
        signature.proves(SECRET),
    )


@pytest.mark.parametrize("secret", [None, "", "Gu5t9xGARNpq86cd98joQYCN3EXAMPLf"])
def test_no_other_secret_is_proven(secret: str | None) -> None:
    """Neither another secret nor a key without one."""
    assert not authenticate(official(), context(1551113065.0)).proves(secret)


def test_a_key_without_a_secret_is_never_proven() -> None:
    """A signature made with nothing does not open a key that has nothing."""
    signature = authenticate(official(), context(1551113065.0))
    assert not replace(signature, signature="").proves(None)


OLD = {
    "Nationality": "THA",
    "CardType": "ID_CARD",
    "ImageBase64Front": "aGVsbG8+/w==",
    "Action": "ApplyCardVerification",
    "RequestClient": "SDK_PYTHON_3.1.49",
    "Nonce": "98811744434644627",
    "Timestamp": "1795254502",
    "Version": "2018-03-01",
    "Region": "ap-hongkong",
    "SecretId": "AKIDEXAMPLE",
    "SignatureMethod": "HmacSHA256",
    "Language": "en-US",
    "Signature": "nwUwjrfP+34lyD+slwd3YlLcAVC5+OyPpza6ozAAXFk=",
}


def form(changed: dict[str, str]) -> WireRequest:
    """The recorded form, changed."""
    fields = urlencode({**OLD, **changed}).encode()
    return posted(fields, host="127.0.0.1:18099", content_type="application/x-www-form-urlencoded")


def test_the_recorded_form_is_proven() -> None:
    """An old signature as the vendor's Python client made it."""
    assert authenticate(form({}), context(RECORDED_AT)).proves("SECRETEXAMPLE")


@pytest.mark.parametrize("name", [name for name in OLD if name != "Signature"])
def test_every_field_of_an_old_signature_is_signed(name: str) -> None:
    """One character more in any field proves nothing, or is refused as what it is."""
    try:
        proven = authenticate(form({name: OLD[name] + "1"}), context(RECORDED_AT)).proves("SECRETEXAMPLE")
    except Refusal as refusal:
        proven = refusal.reason not in {Reason.ARGUMENT_TYPE, Reason.CREDENTIALS_MALFORMED}
    assert not proven


def test_low_lines_are_signed_as_points_or_as_sent() -> None:
    """Python signs `my.field` for `my_field`, Node what it sends; neither lets another field slip in."""
    for signed in ("my.field", "my_field"):
        texts = authenticate(form({"my_field": "x"}), context(RECORDED_AT))
        assert isinstance(texts, OldSignature)
        assert any(f"&{signed}=x".encode() in text for text in texts.texts)
    both = authenticate(form({"my_field": "x", "my.field": "y"}), context(RECORDED_AT))
    assert isinstance(both, OldSignature)
    assert all(b"=x" in text and b"=y" in text for text in both.texts)


def test_a_thousand_signed_headers_cost_no_more_than_their_reading() -> None:
    """The longest head that a server reads, full of names to sign and of headers: as much work as it has bytes."""
    names = ";".join(["content-type", "host", *["a"] * 8000])
    headers = (("x", ""),) * 4500
    said = f"TC3-HMAC-SHA256 Credential=k/2026-11-21/faceid/tc3_request, SignedHeaders={names}, Signature={'0' * 64}"
    head = Head("POST", "/", b"", (*headers, ("x-tc-timestamp", "1795254502"), ("authorization", said)))
    began = time.process_time()
    authenticate(WireRequest(head), context(RECORDED_AT))
    assert time.process_time() - began < 0.3


def test_a_header_signed_twice_is_there_twice() -> None:
    """The lines are those that the names say."""
    once = official()
    headers = tuple(
        (name, value.replace("content-type;host", "content-type;host;host")) for name, value in once.head.headers
    )
    twice = authenticate(WireRequest(replace(once.head, headers=headers), body=once.body), context(1551113065.0))
    assert isinstance(twice, Tc3Signature)
    lines = "content-type:application/json; charset=utf-8\nhost:cvm.tencentcloudapi.com\nhost:cvm.tencentcloudapi.com\n"
    canonical = f"POST\n/\n\n{lines}\ncontent-type;host;host\n{sha256(once.body).hexdigest()}"
    assert sha256(canonical.encode()).hexdigest() in twice.digests


@pytest.mark.parametrize(
    ("late_s", "stale"),
    [(0, False), (300, False), (300.9, False), (301, True), (-300, False), (-299.5, False), (-301, True)],
)
def test_five_minutes_are_the_window(late_s: float, stale: bool) -> None:  # noqa: FBT001 - a case, no option
    """To the second, in both directions."""
    assert stale == authenticate(form({}), context(RECORDED_AT + late_s)).stale


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "١٧٩٥٢٥٤٥٠٢", "9" * 12, "9" * 400, "0x10", " 1795254502"])
def test_a_timestamp_is_a_number(timestamp: str) -> None:
    """Nothing but ASCII digits of a moment that exists; anything else is refused, never a fault."""
    with pytest.raises(Refusal) as caught:
        authenticate(form({"Timestamp": timestamp}), context(RECORDED_AT))
    assert caught.value.reason in {Reason.ARGUMENT_TYPE, Reason.CREDENTIALS_MISSING}


def test_nothing_secret_is_shown() -> None:
    """Neither the request nor its signature repeats what was signed."""
    for request in (official(), form({})):
        shown = repr(authenticate(request, context(RECORDED_AT)))
        assert "72e494ea" not in shown
        assert "nwUwjrfP" not in shown
        assert "aGVsbG8" not in shown
