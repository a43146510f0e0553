"""Our own API on a real server, and its signed records computed again by the command line."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2
import pytest

from tests.commands import run_ipse

if TYPE_CHECKING:
    from tests.api.conftest import Server

SAME, DIFFERS, UNKNOWN, WRONG_USAGE = 0, 1, 2, 64

Surroundings: TypeAlias = Callable[..., dict[str, str]]
Tell: TypeAlias = Callable[..., Any]


def issued(server: "Server", tell: Tell, *words: str) -> str:
    """A new native key."""
    key: str = tell(server.folder, "keys", "create", "--dialect", "native", "--name", "test", *words)["key"]
    return key


@pytest.fixture
def client(server: "Server", tell: Tell) -> Iterator[httpx2.Client]:
    """A client with a key."""
    with server.client() as made:
        made.headers["authorization"] = f"Bearer {issued(server, tell)}"
        yield made


def compared(client: httpx2.Client, probe: Path, reference: Path, repeat: str | None = None) -> httpx2.Response:
    """The answer to a comparison, or to its repetition."""
    body = {
        "probe": base64.b64encode(probe.read_bytes()).decode(),
        "references": [base64.b64encode(reference.read_bytes()).decode()],
    }
    return client.post("/v1/compare", json=body, headers={} if repeat is None else {"idempotency-key": repeat})


def test_compare_is_what_the_command_says(client: httpx2.Client, server: "Server", tell: Tell, samples: Path) -> None:
    """The API and `ipse compare` give the same numbers, models and judgement; the form gives those of JSON."""
    pictures = samples / "obama.jpg", samples / "obama2.jpg"
    told = compared(client, *pictures).json()
    form = client.post("/v1/compare", files={"probe": pictures[0].read_bytes(), "references": pictures[1].read_bytes()})
    said = tell(server.folder, "compare", *map(str, pictures))
    (result,) = told["results"]
    names = ("similarity", "false_match_rate", "false_match_rate_interval", "same_person")
    assert [said[name] for name in names] == [result[name] for name in names]
    assert said["thresholds"] == {rate: round(at, 6) for rate, at in told["thresholds"].items()}
    assert {name: said["models"][name] for name in told["models"]} == told["models"]
    assert {**told, "request": ""} == {**form.json(), "request": ""}
    (face,) = told["probe"]["faces"]
    assert 18 == len(face["quality"]["measures"])


def test_a_repetition_is_billed_once(client: httpx2.Client, samples: Path) -> None:
    """The same request with the same Idempotency-Key gets the same answer, and the ledger has one line."""
    pictures = samples / "obama.jpg", samples / "biden.jpg"
    first, second = (compared(client, *pictures, '"order-17"') for _ in range(2))
    assert first.json() == second.json()
    assert [None, "true"] == [answer.headers.get("idempotency-replayed") for answer in (first, second)]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    (row,) = client.get("/v1/usage", params={"by": "operation"}).json()["rows"]
    assert {"group": "native compare", "calls": 1, "succeeded": 1, "billed": 1} == row


def test_a_batch_of_a_hundred_pairs_in_one_call(client: httpx2.Client, samples: Path) -> None:
    """A hundred pairs of two pictures: each picture is looked at once, each pair has its result and its unit."""
    files = [("pictures", (name, (samples / f"{name}.jpg").read_bytes())) for name in ("obama", "biden")]
    pairs = [{"probe": "obama", "reference": ("obama", "biden")[at % 2]} for at in range(100)]
    told = client.post("/v1/compare/batch", files=files, data={"pairs": json.dumps(pairs)}).json()
    assert [at % 2 == 0 for at in range(100)] == [result["same_person"] for result in told["results"]]
    assert {"obama", "biden"} == set(told["pictures"])
    rows = client.get("/v1/usage", params={"by": "operation"}).json()["rows"]
    assert 100 == next(row["billed"] for row in rows if row["group"] == "native compare_batch")


def test_rates_are_told(server: "Server", tell: Tell) -> None:
    """A key with a rate learns how it stands with every answer, and when to come again once it is over."""
    key = issued(server, tell, "--rate", "2/minute")
    with server.client() as client:
        answers = [client.get("/v1/usage", headers={"authorization": f"Bearer {key}"}) for _ in range(3)]
    assert [200, 200, 429] == [answer.status_code for answer in answers]
    assert ['"key";q=2;w=60'] * 3 == [answer.headers["ratelimit-policy"] for answer in answers]
    assert ['"key";r=1', '"key";r=0', '"key";r=0'] == [
        answer.headers["ratelimit"].rpartition(";")[0] for answer in answers
    ]
    assert 0 < int(answers[2].headers["retry-after"]) <= 60


@pytest.mark.parametrize(("path", "kind"), [("/openapi.json", "application/json"), ("/docs", "text/html"),
                                            ("/problems/busy", "text/html")])  # fmt: skip
def test_pages_need_no_key(server: "Server", path: str, kind: str) -> None:
    """The document, the manual and the page of a problem are shown to everybody."""
    with server.client() as client:
        answer, head = client.get(path), client.head(path)
    assert (200, kind) == (answer.status_code, answer.headers["content-type"].partition(";")[0])
    assert (200, str(len(answer.content)), b"") == (head.status_code, head.headers["content-length"], head.content)


@pytest.fixture
def record(client: httpx2.Client, samples: Path) -> Mapping[str, Any]:
    """The signed record of a comparison."""
    call = compared(client, samples / "obama.jpg", samples / "biden.jpg").headers["x-request-id"]
    told: Mapping[str, Any] = client.get(f"/v1/records/{call}/evidence").json()
    return told


def replayed(
    folder: Path, environment: Mapping[str, str], record: Mapping[str, Any], *words: str
) -> tuple[int, dict[str, str]]:
    """The exit status of `ipse replay`, and its findings that are not the same."""
    place = folder / "record.json"
    place.write_text(json.dumps(record))
    done = run_ipse("replay", place, *words, "--json", env=environment)
    told = json.loads(done.stdout)
    findings = {one["what"]: one["verdict"] for one in told["findings"]}
    return done.returncode, {what: verdict for what, verdict in findings.items() if verdict != "same"}


def test_a_record_comes_out_again(
    record: Mapping[str, Any], server: "Server", surroundings: Surroundings, samples: Path, tmp_path: Path
) -> None:
    """With its pictures a record comes out the same: the signature holds and every number is equal."""
    pictures = ("--probe", str(samples / "obama.jpg"), "--reference", str(samples / "biden.jpg"))
    assert (SAME, {}) == replayed(tmp_path, surroundings(server.folder), record, *pictures)
    key = record["signature"]["public_key"]
    assert (SAME, {}) == replayed(tmp_path, surroundings(tmp_path / "elsewhere"), record, *pictures, "--key", key)


def test_find_gives_the_same_record(record: Mapping[str, Any], server: "Server", surroundings: Surroundings) -> None:
    """`ipse find --evidence` prints what the API gives, byte for byte but for spaces."""
    words = ("find", "--request-id", record["call"], "--evidence")
    done = run_ipse(*words, env=surroundings(server.folder), check=True)
    assert record == json.loads(done.stdout)


def test_what_was_changed_is_named(
    record: Mapping[str, Any], server: "Server", surroundings: Surroundings, samples: Path, tmp_path: Path
) -> None:
    """A changed score breaks the signature and does not come out again; a changed picture is told by its digest."""
    score = {**record["decision"]["scores"][0], "similarity": record["decision"]["scores"][0]["similarity"] + 0.1}
    forged = {**record, "decision": {**record["decision"], "scores": [score]}}
    other = tmp_path / "other.jpg"
    other.write_bytes((samples / "biden.jpg").read_bytes() + b"\0")
    words = ("--probe", str(samples / "obama.jpg"), "--reference", str(other))
    status, findings = replayed(tmp_path, surroundings(server.folder), forged, *words)
    assert (DIFFERS, {"signature": "differs", "picture references[0]": "differs"}) == (
        status,
        {what: verdict for what, verdict in findings.items() if verdict == "differs"},
    )
    words = ("--probe", str(samples / "obama.jpg"), "--reference", str(samples / "biden.jpg"))
    status, findings = replayed(tmp_path, surroundings(server.folder), forged, *words)
    pair = "probe / references[0]"
    assert (DIFFERS, {"signature", f"similarity of {pair}", f"false match rate of {pair}"}) == (status, set(findings))


def test_other_weights_are_named(
    record: Mapping[str, Any], server: "Server", surroundings: Surroundings, samples: Path, tmp_path: Path
) -> None:
    """Another profile is named, and the curve and the numbers that differ with it."""
    words = ("--probe", str(samples / "obama.jpg"), "--reference", str(samples / "biden.jpg"))
    environment = surroundings(server.folder, IPSE_PROFILE="fast")
    status, findings = replayed(tmp_path, environment, record, *words)
    assert DIFFERS == status
    assert {"profile", "curve"} < set(findings)


def test_without_pictures_or_trust_nobody_can_tell(
    record: Mapping[str, Any], surroundings: Surroundings, tmp_path: Path
) -> None:
    """A record alone, signed by a key that nobody knows here, leaves everything open."""
    status, findings = replayed(tmp_path, surroundings(tmp_path / "elsewhere"), record)
    assert (UNKNOWN, {"unknown"}) == (status, set(findings.values()))
    assert {"public key", "picture probe", "picture references[0]"} < set(findings)


def test_what_is_no_record_is_wrong_usage(surroundings: Surroundings, tmp_path: Path) -> None:
    """Another JSON file ends with 64."""
    place = tmp_path / "record.json"
    for text in ("{", "[]", "{}", '{"format": "ipse-evidence/1", "decision": {"kind": "compare"}}'):
        place.write_text(text)
        done = run_ipse("replay", place, env=surroundings(tmp_path))
        assert (text, WRONG_USAGE) == (text, done.returncode)
