"""Bundles and flash results: no byte can change, clocks may be off, garbage is refused and nothing else happens."""

from hypothesis import given
from hypothesis import strategies as st

from ipse.core.genuineness.bundle import check_bundle, sid_of
from ipse.core.genuineness.flash_file import biz_no_of, check_flash
from ipse.core.reasons import Reason, Refusal
from tests import bundles
from tests.bundles import ALL, DONE, NOW, PICTURES, SESSION, delta, file, token

WHOLE = delta(ALL, actions=DONE, log={"camera": "front"})
SENT = {name: PICTURES[name] for name in ALL}
FILE = file()

json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def bundle_outcome(sent: str, uploads: dict[str, bytes], now: float = NOW) -> str:
    """The reason for which a bundle is refused, or that it was accepted."""
    try:
        check_bundle(sent, SESSION, uploads, now)
    except Refusal as refusal:
        return refusal.reason
    return "accepted"


def flash_outcome(content: bytes) -> str:
    """The reason for which a flash result is refused, or that it was accepted."""
    try:
        check_flash(content, SESSION, NOW)
    except Refusal as refusal:
        return refusal.reason
    return "accepted"


def flipped(content: bytes, place: int, bits: int) -> bytes:
    """Bytes of which one is another."""
    place %= len(content)
    return content[:place] + bytes([content[place] ^ bits]) + content[place + 1 :]


def test_untouched_they_are_accepted() -> None:
    """What the other tests spoil is good."""
    assert ("accepted", "accepted") == (bundle_outcome(WHOLE, SENT), flash_outcome(FILE))


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_no_byte_of_a_delta_can_change(place: int, bits: int) -> None:
    """Whichever letter becomes whichever other one."""
    spoilt = flipped(WHOLE.encode(), place, bits).decode("latin-1")
    assert Reason.LIVENESS_BUNDLE_INVALID == bundle_outcome(spoilt, SENT)


@given(st.sampled_from(ALL), st.integers(0, 99), st.integers(1, 255))
def test_no_byte_of_a_picture_can_change(name: str, place: int, bits: int) -> None:
    """Whichever picture, whichever byte."""
    assert Reason.LIVENESS_BUNDLE_INVALID == bundle_outcome(WHOLE, SENT | {name: flipped(SENT[name], place, bits)})


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_no_byte_of_a_flash_result_can_change(place: int, bits: int) -> None:
    """Magic, lengths, manifest, names and frames alike."""
    assert Reason.FLASH_RESULT_INVALID == flash_outcome(flipped(FILE, place, bits))


@given(st.integers(-120, 120), st.floats(SESSION.issued_at, SESSION.expires_at))
def test_a_clock_off_by_two_minutes_is_not_refused(off_s: int, now: float) -> None:
    """Slow or fast by up to 120 s, at any time of the session's life."""
    said = delta(("image_best",), iat=int(now) + off_s)
    assert "accepted" == bundle_outcome(said, {"image_best": PICTURES["image_best"]}, now)


@given(st.text(max_size=400) | st.text("eyJ._-AQ=", max_size=400))
def test_garbage_is_no_delta(garbage: str) -> None:
    """Any text is refused with the declared reason, and names no session."""
    assert (Reason.LIVENESS_BUNDLE_INVALID, None) == (bundle_outcome(garbage, SENT), sid_of(garbage))


@given(st.binary(max_size=400))
def test_garbage_is_no_flash_result(garbage: bytes) -> None:
    """Any bytes, with the right beginning or not, are refused with the declared reason, and name no run."""
    for content in (garbage, b"EKFLASH1" + garbage, FILE[:12] + garbage):
        assert (Reason.FLASH_RESULT_INVALID, None) == (flash_outcome(content), biz_no_of(content))


@given(st.binary(max_size=60) | json.map(bundles.plain), st.binary(max_size=30) | json.map(bundles.plain) | st.none())
def test_garbage_that_is_rightly_signed_is_refused(payload: bytes, head: bytes | None) -> None:
    """The holder of a session's key can sign whatever it likes; the declared reason is all that comes of it."""
    signed = token(payload, head)
    assert Reason.LIVENESS_BUNDLE_INVALID == bundle_outcome(signed, SENT)
    assert Reason.FLASH_RESULT_INVALID == flash_outcome(file(signed))
    sid_of(signed)
    biz_no_of(file(signed))


@given(st.sampled_from(sorted(bundles.claims())), json)
def test_any_claim_of_another_kind_is_refused_or_harmless(name: str, value: object) -> None:
    """Whatever stands in the place of one claim: accepted only if it is a jti, a time or a version that is good."""
    outcome = bundle_outcome(delta(ALL, **{name: value}), SENT)
    assert outcome == Reason.LIVENESS_BUNDLE_INVALID or name in {"jti", "iat", "sdk"} or value == bundles.claims()[name]


@given(st.sampled_from(sorted(bundles.manifest_claims())), json)
def test_any_claim_of_a_manifest_likewise(name: str, value: object) -> None:
    """Likewise for a flash result."""
    outcome = flash_outcome(file(bundles.manifest(**{name: value})))
    good = value == bundles.manifest_claims()[name]
    assert outcome == Reason.FLASH_RESULT_INVALID or name in {"jti", "iat"} or good
