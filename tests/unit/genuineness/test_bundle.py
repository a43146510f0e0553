"""Bundles: what vouches for pictures, and everything that does not."""

from dataclasses import replace

import pytest

from ipse.capture import sign_bundle
from ipse.core.genuineness.bundle import LIMIT, check_bundle, sid_of
from ipse.core.genuineness.capture import Action
from ipse.core.reasons import Reason, Refusal
from tests import bundles
from tests.bundles import BAD_BUNDLES, GOOD_BUNDLES, NOW, PICTURES, PUBLISHED, SESSION, VECTORS


def sent(names: tuple[str, ...]) -> dict[str, bytes]:
    """The pictures of these names."""
    return {name: PICTURES[name] for name in names}


def is_refused(delta: str, uploads: dict[str, bytes], session: object = SESSION, now: float = NOW) -> bool:
    """Whether a bundle is refused, with the one reason and nothing else said."""
    with pytest.raises(Refusal) as caught:
        check_bundle(delta, session, uploads, now)  # type: ignore[arg-type] # always a session
    return (Reason.LIVENESS_BUNDLE_INVALID, None, None) == (
        caught.value.reason,
        caught.value.field,
        caught.value.findings,
    )


@pytest.mark.parametrize("name", GOOD_BUNDLES)
def test_a_good_bundle_is_accepted(name: str) -> None:
    """It says which it is, and `sid_of` names its session."""
    delta, names = GOOD_BUNDLES[name]
    assert bundles.JTI == check_bundle(delta, SESSION, sent(names), NOW).jti
    assert SESSION.sid == sid_of(delta)


@pytest.mark.parametrize("name", BAD_BUNDLES)
def test_a_bad_bundle_is_refused_without_saying_why(name: str) -> None:
    """Whatever is wrong with it, the answer is the same."""
    assert is_refused(BAD_BUNDLES[name], sent(bundles.uploads(name)))


def test_the_published_bundle_says_what_was_published() -> None:
    """Version, time, no log; both gates of the version are open."""
    said = check_bundle(PUBLISHED, SESSION, sent(("image_best", "image_env")), NOW)
    assert ((2, 4, 5), None, {}, 1_700_000_060) == (said.sdk, said.actions, dict(said.log), said.issued_at)
    assert said.has_env
    assert said.tells_replaced


def test_our_own_client_makes_the_published_bundle() -> None:
    """`sign_bundle` gives the published vector, letter for letter."""
    jti = bytes(range(16))
    made = sign_bundle(bundles.issued(SESSION), sent(("image_best", "image_env")), jti=jti, now=1_700_000_060.9)
    assert PUBLISHED == made


def test_our_own_client_claims_the_actions() -> None:
    """Actions and log come back as they were given."""
    made = sign_bundle(
        bundles.issued(SESSION), sent(bundles.ALL), actions=SESSION.actions, log={"camera": "前"}, now=NOW
    )
    said = check_bundle(made, SESSION, sent(bundles.ALL), NOW)
    assert (Action.TURN_LEFT, Action.BLINK, Action.OPEN_MOUTH) == said.actions
    assert {"camera": "前"} == dict(said.log)


@pytest.mark.parametrize("images", [{}, {"image_env": b""}, {"image_best": b"", "image_action6": b""}])
def test_our_own_client_makes_no_bundle_that_would_be_refused(images: dict[str, bytes]) -> None:
    """Without `image_best`, or with a name that is none, there is no bundle."""
    with pytest.raises(ValueError, match="image_best"):
        sign_bundle(bundles.issued(SESSION), images)


@pytest.mark.parametrize(
    ("sdk", "has_env", "tells_replaced"),
    [("2.0", False, False), ("2.4.0", False, False), ("2.4.1", True, False), ("2.4.2.9", True, False),
     ("2.4.3", True, True), ("2.10", True, True)],
)  # fmt: skip
def test_gates_open_with_their_version(sdk: str, has_env: bool, tells_replaced: bool) -> None:  # noqa: FBT001
    """`image_env` counts from 2.4.1 on, `face_replaced` is told from 2.4.3 on."""
    said = check_bundle(bundles.delta(sdk=sdk), SESSION, sent(("image_best",)), NOW)
    assert (has_env, tells_replaced) == (said.has_env, said.tells_replaced)


def test_pictures_must_be_the_very_bytes() -> None:
    """A changed, a missing, an exchanged and an unlisted picture are refused; fewer than listed are not."""
    both = sent(("image_best", "image_env"))
    assert is_refused(PUBLISHED, both | {"image_best": both["image_best"] + b"\0"})
    assert is_refused(PUBLISHED, {"image_env": both["image_env"]})
    assert is_refused(PUBLISHED, {"image_best": both["image_env"], "image_env": both["image_best"]})
    assert is_refused(PUBLISHED, both | {"image_action1": PICTURES["image_action1"]})
    assert bundles.JTI == check_bundle(PUBLISHED, SESSION, {"image_best": both["image_best"]}, NOW).jti


def test_a_bundle_of_another_session_is_refused() -> None:
    """Another id, key, key's name or nonce: each is enough."""
    both = sent(("image_best", "image_env"))
    for change in ({"sid": "1700000000,00000000-0000-4000-8000-000000000009"}, {"key": bytes(32)}, {"kid": "s2"},
                   {"nonce": bytes(range(16))}):  # fmt: skip
        assert is_refused(PUBLISHED, both, replace(SESSION, **change))


def test_a_session_ends() -> None:
    """Until its last second a bundle is accepted, afterwards refused."""
    both = sent(("image_best", "image_env"))
    assert bundles.JTI == check_bundle(PUBLISHED, SESSION, both, SESSION.expires_at).jti
    assert is_refused(PUBLISHED, both, now=SESSION.expires_at + 0.1)


def test_a_broken_second_is_no_second_lost() -> None:
    """A clock that is 120 s slow is not refused because the session began within a second."""
    session = replace(SESSION, issued_at=1_700_000_000.9)
    delta = bundles.delta(iat=1_699_999_880)
    assert bundles.JTI == check_bundle(delta, session, sent(("image_best",)), NOW).jti


def test_the_length_is_bounded() -> None:
    """64 KB are accepted, one letter more is not."""
    head, rest = len(bundles.delta(log={"a": ""})), (LIMIT - len(bundles.delta(log={"a": ""}))) * 3 // 4
    assert head < LIMIT
    largest = bundles.delta(log={"a": "x" * rest})
    assert LIMIT - 4 <= len(largest) <= LIMIT
    assert bundles.JTI == check_bundle(largest, SESSION, sent(("image_best",)), NOW).jti
    assert is_refused(bundles.delta(log={"a": "x" * (rest + 4)}), sent(("image_best",)))
    assert sid_of(bundles.delta(log={"a": "x" * (rest + 4)})) is None


@pytest.mark.parametrize("sid", [None, 7, "", "1700000000", "1700000000,x", SESSION.sid + "\n", "\x00" + SESSION.sid])
def test_what_names_no_session_names_none(sid: object) -> None:
    """Only text of the form of an id is handed to the store."""
    assert sid_of(bundles.delta(sid=sid)) is None


def test_secrets_are_not_shown() -> None:
    """The log of a client does not stand in the text of what was said, nor do key and nonce in a session's."""
    said = check_bundle(bundles.delta(log={"camera": "mine"}), SESSION, sent(("image_best",)), NOW)
    assert "mine" not in repr(said)
    assert repr(SESSION.key) not in repr(SESSION)


def test_the_vectors_are_recorded() -> None:
    """The files that other languages test against are those of today (`python -m tests.bundles`)."""
    for name, content in bundles.recorded().items():
        assert content == (VECTORS / name).read_text(encoding="utf-8")
