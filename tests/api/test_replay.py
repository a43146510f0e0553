"""Records of every dialect's decisions, found by our own API and computed again by the command line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from demo import calls, cards

from tests.commands import run_ipse

if TYPE_CHECKING:
    from tests.api.conftest import Server


@pytest.fixture(scope="module")
def photos(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A card, its holder, and the holder with the card held up."""
    folder = tmp_path_factory.mktemp("photos")
    drawn, selfie = cards.card((samples / "obama.jpg").read_bytes()), (samples / "obama2.jpg").read_bytes()
    files = {"card": cards.photographed(drawn), "selfie": selfie, "held": cards.held_up(selfie, drawn)}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return {name: folder / name for name in files}


def issued(server: "Server", tell: Callable[..., Any], dialect: str, *words: str) -> dict[str, str]:
    """A new key."""
    made: dict[str, str] = tell(server.folder, "keys", "create", "--dialect", dialect, "--name", "test", *words)
    return made


def evidence(server: "Server", tell: Callable[..., Any], request_id: str) -> dict[str, Any]:
    """The signed record of any dialect's call, for a native key that may see all."""
    key = issued(server, tell, "native", "--allow", "records")["key"]
    with server.client() as client:
        answer = client.get(f"/v1/records/{request_id}/evidence", headers={"authorization": f"Bearer {key}"})
    assert 200 == answer.status_code
    record: dict[str, Any] = answer.json()
    return record


def replayed(environment: dict[str, str], place: Path, record: dict[str, Any], *words: str | Path) -> dict[str, Any]:
    """What `ipse replay` says of a record."""
    place.write_text(json.dumps(record))
    done = run_ipse("replay", place, *words, "--json", env=environment)
    return {**json.loads(done.stdout), "status": done.returncode}


def test_a_holder_with_a_card_comes_out_again(
    server: "Server",
    tell: Callable[..., Any],
    surroundings: Callable[..., dict[str, str]],
    photos: dict[str, Path],
    tmp_path: Path,
) -> None:
    """Our own holder operation with one picture, and iApp's with two, leave records that come out the same."""
    key = issued(server, tell, "native")["key"]
    with server.client() as client:
        own = client.post(
            "/v1/holder", files={"photo": photos["held"].read_bytes()}, headers={"authorization": f"Bearer {key}"}
        )
        iapp = client.send(
            calls.iapp_face_and_card(
                str(client.base_url).rstrip("/"),
                issued(server, tell, "iapp"),
                photos["card"].read_bytes(),
                photos["selfie"].read_bytes(),
            )
        )
    told = own.json()
    assert (200, 200, True) == (own.status_code, iapp.status_code, told["same_person"])
    record = evidence(server, tell, own.headers["x-request-id"])
    assert told["similarity"] == record["decision"]["scores"][0]["similarity"]
    environment = surroundings(server.folder)
    again = replayed(environment, tmp_path / "one.json", record, "--probe", photos["held"])
    assert ("same", 0) == (again["verdict"], again["status"]), again
    record = evidence(server, tell, iapp.headers["x-request-id"])
    again = replayed(environment, tmp_path / "two.json", record, "--probe", photos["selfie"], "--card", photos["card"])
    assert ("same", 0) == (again["verdict"], again["status"]), again


def test_a_vendors_comparison_comes_out_again(
    server: "Server",
    tell: Callable[..., Any],
    surroundings: Callable[..., dict[str, str]],
    samples: Path,
    tmp_path: Path,
) -> None:
    """Megvii's verify leaves a record under the request id of its own spelling; nothing personal is in it."""
    made = issued(server, tell, "faceid")
    credentials = {"api_key": made["key"], "api_secret": made["secret"]}
    answer = server.call(credentials, samples / "obama.jpg", samples / "biden.jpg", uuid="order-4711")
    record = evidence(server, tell, answer.json()["request_id"])
    text = json.dumps(record)
    assert not any(word in text for word in ("order-4711", made["key"]))
    words = ("--probe", samples / "obama.jpg", "--reference", samples / "biden.jpg")
    again = replayed(surroundings(server.folder), tmp_path / "record.json", record, *words)
    assert ("same", 0) == (again["verdict"], again["status"]), again


def test_people_are_kept_over_the_api_and_found_by_verify(
    server: "Server", tell: Callable[..., Any], samples: Path
) -> None:
    """Somebody entered over our own API is known to Megvii's KYC and to the command, and gone once removed."""
    person = {"id_number": "110101199001010015", "name": "王五"}
    own = {"authorization": f"Bearer {issued(server, tell, 'native', '--allow', 'kyc')['key']}"}
    made = issued(server, tell, "faceid", "--allow", "kyc")
    with server.client() as client:
        entered = client.post(
            "/v1/people", data=person, files={"photo": (samples / "obama2.jpg").read_bytes()}, headers=own
        )
        kyc = client.post(
            "/faceid/v2/verify",
            data={
                "api_key": made["key"],
                "api_secret": made["secret"],
                "comparison_type": "1",
                "face_image_type": "raw_image",
                "idcard_name": person["name"],
                "idcard_number": person["id_number"],
            },
            files={"image": (samples / "obama.jpg").read_bytes()},
        )
        shown = tell(server.folder, "people", "show", person["id_number"])
        number = {"id_number": person["id_number"]}
        found = client.post("/v1/people/lookup", json=number, headers=own).json()
        removed = [client.post("/v1/people/remove", json=number, headers=own).json()["removed"] for _ in range(2)]
    assert {"is_new": True, "photo": "usable", "warnings": []} == {
        name: entered.json()[name] for name in ("is_new", "photo", "warnings")
    }
    assert 70 < kyc.json()["result_faceid"]["confidence"]
    assert ("王五", "usable") == (shown["name"], shown["photo"]) == (found["name"], found["photo"])
    assert [True, False] == removed


def test_judgements_about_a_picture_come_out_again(
    server: "Server",
    tell: Callable[..., Any],
    surroundings: Callable[..., dict[str, str]],
    photos: dict[str, Path],
    tmp_path: Path,
) -> None:
    """The same scores; a score that was changed is named."""
    key = issued(server, tell, "native")["key"]
    with server.client() as client:
        files = {"picture": photos["selfie"].read_bytes(), "env": photos["held"].read_bytes()}
        told = client.post("/v1/genuineness", files=files, headers={"authorization": f"Bearer {key}"})
    record = evidence(server, tell, told.headers["x-request-id"])
    decision = record["decision"]
    assert ("genuineness", told.json()["verdict"]) == (decision["kind"], decision["verdict"])
    assert set(decision["judgements"]) == set(told.json()["judgements"])
    environment = surroundings(server.folder)
    words = ("--probe", photos["selfie"], "--probe", photos["held"])
    again = replayed(environment, tmp_path / "judged.json", record, *words)
    assert ("same", 0) == (again["verdict"], again["status"]), again
    (name, *_) = (name for name, one in decision["judgements"].items() if one["score"] is not None)
    decision["judgements"][name]["score"] += 0.01
    again = replayed(environment, tmp_path / "changed.json", record, *words)
    assert {"signature", f"score of {name}"} == {
        one["what"] for one in again["findings"] if one["verdict"] == "differs"
    }
