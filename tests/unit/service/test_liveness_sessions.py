"""Liveness sessions: what is asked cannot be foreseen, and what was issued comes back to its owner alone."""

import asyncio
import secrets
from dataclasses import dataclass, replace

import pytest

from ipse.core.genuineness.capture import Action, Colour
from ipse.core.genuineness.session import LivenessSession
from ipse.core.genuineness.signed import SKEW_S
from ipse.service.liveness_sessions import MOST_LIFE_S, TURNS, LivenessSessions
from tests.wire.ports import InMemoryVault

START = 1_700_000_000.25


@dataclass
class At:
    """A clock that stands still until it is set."""

    time: float = START

    def now(self) -> float:
        """When it was set to."""
        return self.time

    def monotonic(self) -> float:
        """Likewise."""
        return self.time


@pytest.fixture
def clock() -> At:
    """A clock."""
    return At()


@pytest.fixture
def sessions(clock: At) -> LivenessSessions:
    """Sessions of ten minutes."""
    return LivenessSessions(InMemoryVault(), clock, secrets.token_bytes)


def opened(sessions: LivenessSessions, actions: int = 3, *, flash: bool = True) -> LivenessSession:
    """A new session of one owner."""
    return asyncio.run(sessions.open("faceid:key", actions=actions, flash=flash))


def test_a_session_comes_back_as_it_was_issued(sessions: LivenessSessions) -> None:
    """By its id and by the id of its flash run, to the bit."""
    session = opened(sessions)
    assert session == asyncio.run(sessions.find("faceid:key", session.sid))
    assert session.biz_no is not None
    assert session == asyncio.run(sessions.find_run("faceid:key", session.biz_no))


def test_nobody_else_finds_a_session(sessions: LivenessSessions) -> None:
    """Neither another key, nor the same word of another dialect, nor whoever mistakes one id for the other."""
    session = opened(sessions)
    assert session.biz_no is not None
    for owner, sid in (("faceid:other", session.sid), ("native:key", session.sid), ("faceid:key", session.biz_no)):
        assert asyncio.run(sessions.find(owner, sid)) is None
    for owner, biz_no in (("faceid:other", session.biz_no), ("faceid:key", session.sid)):
        assert asyncio.run(sessions.find_run(owner, biz_no)) is None


def test_a_session_ends(sessions: LivenessSessions, clock: At) -> None:
    """It is gone two minutes after its end, by both of its ids."""
    session = opened(sessions)
    assert session.biz_no is not None
    assert START + 600 == session.expires_at
    clock.time = session.expires_at + SKEW_S - 0.001
    assert session == asyncio.run(sessions.find("faceid:key", session.sid))
    clock.time = session.expires_at + SKEW_S
    assert asyncio.run(sessions.find("faceid:key", session.sid)) is None
    assert asyncio.run(sessions.find_run("faceid:key", session.biz_no)) is None


def test_no_session_lives_longer_than_an_hour(sessions: LivenessSessions) -> None:
    """Whatever it is told."""
    assert START + MOST_LIFE_S == opened(replace(sessions, life_s=1e9)).expires_at


@pytest.mark.parametrize("count", range(6))
def test_actions_differ_and_one_is_a_turn(sessions: LivenessSessions, count: int) -> None:
    """However few are asked for."""
    for _ in range(50):
        actions = opened(sessions, count).actions
        assert count == len(actions) == len(set(actions))
        assert count == 0 or set(actions) & set(TURNS)


def test_every_order_of_actions_and_colours_comes_up(sessions: LivenessSessions) -> None:
    """Every action stands in every place, every colour begins, and runs have six or seven colours, no one twice."""
    drawn = [opened(sessions) for _ in range(600)]
    for place in range(3):
        assert set(Action) == {session.actions[place] for session in drawn}
    assert set(Colour) == {session.colours[0] for session in drawn}
    assert {6, 7} == {len(session.colours) for session in drawn}
    assert all(len(set(session.colours)) == len(session.colours) for session in drawn)


def test_secrets_are_long_and_new_every_time(sessions: LivenessSessions) -> None:
    """A key of 256 bits and a nonce of 128, never twice, and neither in a repr."""
    one, two = opened(sessions), opened(sessions)
    assert (32, 16) == (len(one.key), len(one.nonce))
    assert not {one.sid, one.biz_no, one.kid, one.key, one.nonce} & {two.sid, two.biz_no, two.kid, two.key, two.nonce}
    assert repr(one.key) not in repr(one)
    assert repr(one.nonce) not in repr(one)


def test_without_a_flash_run_there_are_no_colours(sessions: LivenessSessions) -> None:
    """And no id of a run."""
    session = opened(sessions, flash=False)
    assert ((), None) == (session.colours, session.biz_no)
