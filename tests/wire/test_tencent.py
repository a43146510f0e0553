"""Tencent over the whole edge: the order of faults, who owns `/`, what is billed, and what no log line holds."""

import json
from collections.abc import Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from ipse.protocols.tencent import Polling
from ipse.protocols.tencent.errors import ERRORS, NEVER
from ipse.service.jobs import IDLE_S, LEASE_S

if TYPE_CHECKING:
    from tests.wire.world import World

TOKEN = "71eeb124-08f0-47b3-8fc8-ac048cfa1372"
ASK: Mapping[str, Any] = {"action": "GetCardVerificationResult", "set": {"CardVerificationToken": TOKEN}}

# One fault of each kind, in the order in which they are answered (docs/protocols/tencent.md, order of checks).
FAULTS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("UnsupportedProtocol", {"method": "PUT"}),
    ("RequestSizeLimitExceeded", {"long": {"ImageUrlBack": ["AAAA", 2_621_440]}}),
    ("MissingParameter `Action`", {"common": {"Action": ""}}),
    ("MissingParameter `Version`", {"common": {"Version": ""}}),
    ("NoSuchVersion", {"common": {"Version": "1"}}),
    ("InvalidAction", {"common": {"Action": "Nothing"}}),
    ("AuthFailure.InvalidAuthorization", {"tamper": {"authorization": "SKIP"}}),
    ("AuthFailure.SecretIdNotFound", {"key": "nobody"}),
    ("AuthFailure.SignatureExpire", {"late_s": 301}),
    ("AuthFailure.SignatureFailure", {"secret": "wrong"}),
    ("MissingParameter `Region`", {"region": ""}),
    ("UnsupportedRegion", {"region": "ap-tokyo"}),
    ("InvalidParameterValue", {"region": "moon"}),
    ("AuthFailure.UnauthorizedOperation", {"key": "disabled"}),
    ("AuthFailure.InvalidSecretId", {"key": "expired"}),
    ("ResourceUnavailable.InArrears", {"key": "suspended"}),
    ("FailedOperation.UnOpenError", {"key": "narrow"}),
    ("ResourceUnavailable.ResourcePackageRunOut", {"key": "spent"}),
    ("RequestLimitExceeded", {"room": "full"}),
    ("InvalidRequest", {"raw": "[]"}),
    ("UnknownParameter", {"set": {"Webhook": "x"}}),
    ("InvalidParameter", {"set": {"ImageUrlBack": 1}}),
    ("MissingParameter `Nationality`", {"drop": ["Nationality"]}),
    ("MissingParameter `CardType`", {"drop": ["CardType"]}),
    ("InvalidParameterValue.InvalidParameterValueLimit", {"set": {"Nationality": "DEU"}}),
    ("MissingParameter `ImageBase64Front`", {"drop": ["ImageBase64Front"]}),
    ("MissingParameter `ImageBase64Back`", {"set": {"Nationality": "HKG"}, "drop": ["ImageUrlBack"]}),
    ("InvalidParameterValue.InvalidFileContentSize", {"set": {"ImageBase64Front": ""}}),
    ("ResourceUnavailable.ImageDownloadError", {"set": {"ImageUrlBack": "https://pictures.test/lost"}}),
    ("InvalidParameter.EngineImageDecodeFailed", {"pictures": {"ImageBase64Front": "no picture"}}),
    ("FailedOperation.UnOpenError", {"settings": {"tencent_without_reader": "unopened"}}),
)


def together(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give a request with both faults, or nothing where they would need different values of the same thing."""
    merged: dict[str, Any] = {}
    for fault in (earlier, later):
        for kind, change in fault.items():
            if isinstance(change, dict):
                merged[kind] = {**merged.get(kind, {}), **change}
            else:
                merged[kind] = [*merged.get(kind, []), *change] if isinstance(change, list) else change
    touched = [name for fault in (earlier, later) for kind, change in fault.items() for name in _names(kind, change)]
    return merged if len(touched) == len(set(touched)) else None


def _names(kind: str, change: Any) -> list[str]:
    """Give what a change touches; a whole body leaves nothing of its parameters."""
    if kind == "raw":
        return ["Nationality", "CardType", "Webhook", "ImageUrlBack", "ImageBase64Front"]
    return [kind] if isinstance(change, str | int) else list(change)


PAIRS = [
    pytest.param(first, request, id=f"{first} / {second}")
    for (first, earlier), (second, later) in combinations(FAULTS, 2)
    if (request := together(earlier, later)) is not None
]


@pytest.mark.parametrize(("first", "case"), PAIRS)
def test_the_earlier_fault_is_answered(world: "World", first: str, case: Mapping[str, Any]) -> None:
    """A request with two faults is refused for the one that comes first."""
    error = world.play({"dialect": "tencent", **case}).json()["Response"]["Error"]
    code, _, field = first.partition(" ")
    assert code == error["Code"]
    assert field in error["Message"]


def test_nearly_every_pair_was_made() -> None:
    """The pairs that cannot be made are those about the same thing."""
    assert len(PAIRS) > 0.8 * len(FAULTS) * (len(FAULTS) - 1) / 2


@pytest.mark.parametrize(
    ("method", "target", "accept", "owner"),
    [
        ("GET", "/", "text/html,application/xhtml+xml", "native"),
        ("GET", "/?Action=ApplyCardVerification", "text/html", "tencent"),
        ("GET", "/", "*/*", "tencent"),
        ("POST", "/", "text/html", "tencent"),
        ("POST", "/x", "*/*", "native"),
        ("HEAD", "/", "*/*", "tencent"),
        ("GET", f"/?{'Action=a&' * 1001}", "text/html", "tencent"),
    ],
)
def test_who_owns_the_root(world: "World", method: str, target: str, accept: str, owner: str) -> None:
    """Everything at `/` is Tencent's, but for people who look at it with a browser."""
    headers = {"accept": accept}
    world.play({"dialect": "native", "method": method, "path": target, "send_headers": headers})
    assert [owner] == [dialect for dialect, *_ in world.journal.counted]


@pytest.mark.parametrize("name", ["Action", "Version", "Language"])
def test_a_name_a_thousand_times_is_answered_too(world: "World", name: str) -> None:
    """More pairs than a form may have, all in the query: Tencent's words, whichever parameter is looked for."""
    common = {"Action": "", "Version": "", "Language": ""}
    answer = world.play({"dialect": "tencent", "method": "GET", "path": f"/?{f'{name}=a&' * 1001}", "common": common})
    assert (200, "application/json") == (answer.status_code, answer.headers["content-type"])
    assert "MissingParameter" == answer.json()["Response"]["Error"]["Code"]


def test_the_job_of_a_killed_worker_is_done_while_its_caller_still_asks() -> None:
    """Whoever asks as often and as fast as told gets the verdict all the same."""
    polling = Polling()
    assert LEASE_S + IDLE_S < (polling.times - 1) * polling.wait_s


def test_a_host_may_be_all_tencents(world: "World") -> None:
    """Under a name that a setting gives to Tencent, another path gets Tencent's words."""
    world.hosts = {"faceid.test": "tencent"}
    error = world.play({"dialect": "tencent", "path": "/x"}).json()["Response"]["Error"]
    assert "InvalidAction" == error["Code"]


def test_a_card_is_billed_once_and_asking_never(world: "World") -> None:
    """One unit for the card that was taken; results, refusals and what is not open cost nothing and count nothing."""
    world.play({"dialect": "tencent"})
    world.play({"dialect": "tencent", **ASK})
    world.play({"dialect": "tencent", **ASK, "set": {"CardVerificationToken": "another"}})
    world.play({"dialect": "tencent", "set": {"Nationality": "DEU"}})
    world.play({"dialect": "tencent", "settings": {"tencent_without_reader": "unopened"}})
    entries = [receipt.entry for receipt in world.callers.ledger]
    assert [
        ("apply_card", "ok", 1, True),
        ("card_result", "ok", 0, False),
        ("card_result", "job_unknown", 0, False),
        ("apply_card", "argument_invalid", 0, True),
        ("apply_card", "not_open", 0, False),
    ] == [(entry.operation, entry.outcome, entry.billed, entry.counted) for entry in entries]


def test_calls_are_found_by_their_token(world: "World") -> None:
    """Both the call that made a token and those that asked by it are marked with it."""
    world.play({"dialect": "tencent"})
    world.play({"dialect": "tencent", **ASK})
    world.play({"dialect": "tencent", **ASK, "form": "old"})
    marks = [[(mark.kind, mark.text) for mark in receipt.marks] for receipt in world.callers.ledger]
    assert [[("token", TOKEN)]] * 3 == marks


def test_the_job_holds_the_pictures_and_the_log_nothing(world: "World") -> None:
    """Keys, signatures, tokens, addresses and pictures are in no log line, whatever form they came in."""
    for form in ("json", "get", "old", "old get"):
        world.play({"dialect": "tencent", "form": form, "set": {"ImageUrlBack": "https://pictures.test/anna"}})
        world.play({"dialect": "tencent", "form": form, **ASK})
        world.play({"dialect": "tencent", "form": form, "secret": "wrong"})
    told = json.dumps(world.journal.lines)
    assert TOKEN in told  # Here it is also the id of the call, which is logged.
    for secret in ("good", "s3cret", "pictures.test", "iVBOR", "Signature", "THA", "SecretId", "wrong"):
        assert secret not in told
    assert all(world.pictures["anna"] in payload for payload, _ in world.jobs.kept.values())


def test_every_row_speaks_both_languages() -> None:
    """Each message has Chinese words of its own, with the same blanks."""
    for row in ERRORS.values():
        for told in (row, *row.of.values()):
            assert told.english.isascii()
            assert not told.chinese.isascii()
            assert ("{field}" in told.english) == ("{field}" in told.chinese)
            assert told.source


def test_no_operation_gives_a_row_of_other_dialects() -> None:
    """Rows that nothing here raises are the page's unknown error."""
    assert {"FailedOperation.UnKnowError"} == {row.code for row in ERRORS.values() if row.source == NEVER}


def test_a_rate_over_another_window_is_told_in_its_seconds(world: "World") -> None:
    """The vendor's words are for a second; others are named."""
    world.callers.window_s = 60.0
    world.play({"dialect": "tencent", "key": "slow"})
    error = world.play({"dialect": "tencent", "key": "slow"}).json()["Response"]["Error"]
    assert "in 60 seconds, which exceeds the frequency limit `1` for 60 seconds" in error["Message"]
