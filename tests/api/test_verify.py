"""Megvii's verify through a real server: people, keys in every state, many clients at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Server

Start: TypeAlias = "Callable[..., Server]"

CLIENTS = 16


def result(answer: Any) -> tuple[float, dict[str, float]]:
    """Confidence and thresholds of the first reference."""
    assert answer.status_code == 200, answer.text
    found = answer.json()["result_ref1"]
    return found["confidence"], found["thresholds"]


def test_one_person_is_above_and_two_people_are_below(server: "Server", samples: Path) -> None:
    """Two pictures of one person pass at 1e-4; pictures of two people do not pass at 1e-3."""
    credentials = server.key()
    confidence, thresholds = result(server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg"))
    assert confidence > thresholds["1e-4"]
    confidence, thresholds = result(server.call(credentials, samples / "biden.jpg", samples / "obama.jpg"))
    assert confidence < thresholds["1e-3"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--expires", "2020-02-29"), "AUTHORIZATION_ERROR: Denied."),
        (("--test-quota", "0"), "AUTHORIZATION_ERROR: Limit reached."),
    ],
)
def test_a_key_in_a_bad_state_is_refused(server: "Server", samples: Path, words: tuple[str, ...], message: str) -> None:
    """An expired key and a spent one get the vendor's words."""
    answer = server.call(server.key(*words), samples / "obama.jpg", samples / "obama2.jpg")
    assert (403, message) == (answer.status_code, answer.json()["error_message"])


@pytest.mark.parametrize("changed", ["api_key", "api_secret"])
def test_an_unknown_key_and_a_wrong_secret_are_refused_alike(server: "Server", samples: Path, changed: str) -> None:
    """Nobody learns which of the two was wrong."""
    credentials = server.key() | {changed: "wrong"}
    answer = server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg")
    assert (403, "AUTHENTICATION_ERROR") == (answer.status_code, answer.json()["error_message"])


def test_a_key_of_another_dialect_is_unknown_here(server: "Server", samples: Path, tell: Callable[..., Any]) -> None:
    """A Tencent key opens nothing of Megvii's."""
    made = tell(server.folder, "keys", "create", "--dialect", "tencent", "--name", "other")
    credentials = {"api_key": made["key"], "api_secret": made["secret"]}
    answer = server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg")
    assert (403, "AUTHENTICATION_ERROR") == (answer.status_code, answer.json()["error_message"])


def test_a_key_is_switched_off_and_on_beside_the_running_server(
    server: "Server", samples: Path, tell: Callable[..., Any]
) -> None:
    """The next call already sees the change."""
    credentials = server.key()
    statuses = []
    for word in ("disable", "enable"):
        assert (word == "enable") == tell(server.folder, "keys", word, credentials["api_key"])["enabled"]
        statuses.append(server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg").status_code)
    assert [403, 200] == statuses


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        ((), 403, "AUTHORIZATION_ERROR: No data source permission."),
        (("--allow", "kyc"), 400, "NO_SUCH_ID_NUMBER"),
    ],
)
def test_the_registry_is_asked_only_with_a_key_that_may(
    server: "Server", samples: Path, words: tuple[str, ...], status: int, message: str
) -> None:
    """Without the permission the registry is closed; with it, it is found to be empty."""
    person = {"comparison_type": "1", "idcard_name": "Anna", "idcard_number": "110101199003070000"}
    answer = server.call(server.key(*words), samples / "obama.jpg", samples / "obama2.jpg", **person)
    assert (status, message) == (answer.status_code, answer.json()["error_message"])


def test_a_test_key_has_as_many_calls_as_it_was_given(
    server: "Server", samples: Path, tell: Callable[..., Any]
) -> None:
    """Of sixteen calls at the same moment a key of three answers three."""
    credentials = server.key("--test-quota", "3")

    def call(_turn: int) -> int:
        return int(server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg").status_code)

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(call, range(CLIENTS)))
    assert (3, CLIENTS - 3) == (statuses.count(200), statuses.count(403))
    assert 3 == tell(server.folder, "keys", "show", credentials["api_key"])["used"]


def test_sixteen_clients_get_the_answers_of_one(server: "Server", samples: Path) -> None:
    """Nothing of one request is in another's answer: side by side as one by one."""
    credentials = server.key()
    names = ["obama.jpg", "obama2.jpg", "biden.jpg"]
    calls = [(one, other) for one in names for other in names]

    def call(pair: tuple[str, str]) -> tuple[float, dict[str, float]]:
        return result(server.call(credentials, samples / pair[0], samples / pair[1]))

    serial = [call(pair) for pair in calls]
    with ThreadPoolExecutor(CLIENTS) as pool:
        assert serial * 4 == list(pool.map(call, calls * 4))


def test_a_full_engine_room_says_so_at_once_and_recovers(start: Start, samples: Path) -> None:
    """With room for one, sixteen clients at once are served or told that all is taken; then all is as before."""
    server = start(IPSE_MAX_IN_FLIGHT="1")
    server.wait_until_ready()
    credentials = server.key("--test-quota", "1000")

    def call(_turn: int) -> tuple[int, str]:
        answer = server.call(credentials, samples / "obama.jpg", samples / "obama2.jpg")
        return answer.status_code, answer.json().get("error_message", "")

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = set(pool.map(call, range(CLIENTS)))
    assert {(200, ""), (403, "CONCURRENCY_LIMIT_EXCEEDED")} == answers
    assert (200, "") == call(0)
