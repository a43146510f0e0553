"""Flash results: one file, its manifest and its frames, whole or refused."""

from dataclasses import replace

import pytest

from ipse.capture import pack_flash
from ipse.core.genuineness.flash_file import LIMIT, biz_no_of, check_flash
from ipse.core.reasons import Reason, Refusal
from tests import bundles
from tests.bundles import BAD_FILES, FRAMES, GOOD_FILES, NOW, SESSION, file, manifest

SHOWN_MS = tuple(1000.0 + 600 * number for number in range(6))
TAKEN_MS = tuple(1450.5 + 600 * number for number in range(6))


def is_refused(content: bytes, session: object = SESSION, now: float = NOW) -> bool:
    """Whether a file is refused, with the one reason and nothing else said."""
    with pytest.raises(Refusal) as caught:
        check_flash(content, session, now)  # type: ignore[arg-type] # always a session
    return (Reason.FLASH_RESULT_INVALID, None, None) == (
        caught.value.reason,
        caught.value.field,
        caught.value.findings,
    )


@pytest.mark.parametrize("name", GOOD_FILES)
def test_a_good_file_gives_its_frames(name: str) -> None:
    """Frames by their names, colours and times in the order of the sequence; `biz_no_of` names its run."""
    said = check_flash(GOOD_FILES[name], SESSION, NOW)
    assert (FRAMES, SESSION.colours) == (dict(said.parts), said.colours)
    assert (SHOWN_MS, TAKEN_MS, bundles.JTI) == (said.shown_ms, said.taken_ms, said.jti)
    assert SESSION.biz_no == biz_no_of(GOOD_FILES[name])


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_refused_without_saying_why(name: str) -> None:
    """Whatever is wrong with it, the answer is the same."""
    assert is_refused(BAD_FILES[name])


def test_a_file_cut_anywhere_is_refused() -> None:
    """However much of it is left."""
    whole = file()
    assert all(is_refused(whole[:length]) for length in range(len(whole)))


def test_our_own_client_makes_the_same_file() -> None:
    """`pack_flash` gives what was packed by hand, byte for byte."""
    made = pack_flash(
        bundles.issued(SESSION), FRAMES, shown_ms=[1000 + 600 * number for number in range(6)], taken_ms=TAKEN_MS,
        jti=bytes(range(16)), now=1_700_000_060,
    )  # fmt: skip
    assert file() == made


def test_our_own_client_makes_no_file_that_would_be_refused() -> None:
    """A frame or a time too few, or more bytes than a file may have."""
    session = bundles.issued(SESSION)
    fewer = {name: content for name, content in FRAMES.items() if name != "flash6"}
    with pytest.raises(ValueError, match="6 colours"):
        pack_flash(session, fewer, shown_ms=SHOWN_MS, taken_ms=TAKEN_MS)
    with pytest.raises(ValueError, match="6 colours"):
        pack_flash(session, FRAMES, shown_ms=SHOWN_MS, taken_ms=TAKEN_MS[:5])
    with pytest.raises(ValueError, match="bytes"):
        pack_flash(session, {**FRAMES, "flash1": bytes(LIMIT)}, shown_ms=SHOWN_MS, taken_ms=TAKEN_MS)


def test_the_size_is_bounded() -> None:
    """512 KB are accepted, one byte more is not."""
    room = LIMIT - len(file()) + len(FRAMES["flash6"])
    for size, is_good in ((room, True), (room + 1, False)):
        frames = {**FRAMES, "flash6": bytes(size)}
        parts = {name: bundles.digest(content) for name, content in frames.items()}
        content = file(manifest(parts=parts), list(frames.items()))
        assert (LIMIT if is_good else LIMIT + 1) == len(content)
        assert is_good == (biz_no_of(content) is not None)
        assert bundles.JTI == check_flash(content, SESSION, NOW).jti if is_good else is_refused(content)


def test_a_file_of_another_session_is_refused() -> None:
    """Another run, key, key's name, nonce or sequence, or no run at all."""
    for change in ({"biz_no": "1"}, {"biz_no": None}, {"key": bytes(32)}, {"kid": "s2"}, {"nonce": bytes(range(16))},
                   {"colours": SESSION.colours[::-1]}, {"colours": ()}):  # fmt: skip
        assert is_refused(file(), replace(SESSION, **change))


def test_a_run_ends_with_its_session() -> None:
    """Until the last second of the session it is accepted, afterwards refused."""
    assert bundles.JTI == check_flash(file(), SESSION, SESSION.expires_at).jti
    assert is_refused(file(), now=SESSION.expires_at + 0.1)


@pytest.mark.parametrize("biz_no", [None, 7, "", "a b", "é", "x" * 65, "1\n"])
def test_what_names_no_run_names_none(biz_no: object) -> None:
    """Only text of the form of an id is handed to the store."""
    assert biz_no_of(file(manifest(biz_no=biz_no))) is None
