"""Vendors' own clients, unmodified, have real cards read: Tencent's to a final result, iApp's both sides of one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from specimens.fonts import PACKAGES, absent

import specimens
from ipse.core.images import Limits, decode
from tests.api.conftest import Server, running, said
from tests.conformance.clients import python_client
from tests.conformance.test_tencent_sdk import played, python

FOLDER_S = 240
"""Longest that the specimens of a folder may take; each takes one to three seconds on a quiet core."""

FOLDERS = ("hkid", "japan", "ktp", "latin", "thai-mock", "passport-faults")
ZONES = ("ICAO_Example", "TD2_ICAO_Example", "France", "UK", "Spain", "Malta_BAD")

SUPPORTED: Mapping[str, tuple[str, str]] = {
    "hkid/hkid_sample": ("HKG", "ID_CARD"),
    "hkid/hkid_sample-no-sample": ("HKG", "ID_CARD"),
    "japan/driver_license_template": ("JPN", "DRIVING_LICENSE"),
    "japan/individual_number_card_template": ("JPN", "ID_CARD"),
    "ktp/KTP Template": ("IDN", "ID_CARD"),
    "thai-mock/card1": ("THA", "ID_CARD"),
    "thai-mock/card3": ("THA", "DRIVING_LICENSE"),
    "thai-mock/card4": ("THA", "DRIVING_LICENSE"),
    "thai-mock/personal-card-template": ("THA", "ID_CARD"),
    "thai-mock/thai-driving-license-template": ("THA", "DRIVING_LICENSE"),
    "mrz/ICAO_Example": ("UTO", "PASSPORT"),
}
"""Whole fronts of cards that are among the fourteen, and pages of passports; the others are parts, or faulty."""

STATUSES = frozenset({"PASSED", "WARNING", "REJECTED"})
WORDS = frozenset(
    {
        *("IncompleteCard", "TooManyCards", "PaperCopy", "RetakeSuspected", "ScreenshotSuspected", "FakeSuspected"),
        *("PoorImageQuality", "InformationVerificationFailed", "OtherWarning"),
    }
)
"""Source: the vendor's list for the API's successor."""

TYPES = frozenset({"ID_CARD", "PASSPORT", "DRIVING_LICENSE", "VISA", None})
"""Source: the page, and the metadata of the vendor's command line."""


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, weights: Path) -> Iterator[Server]:
    """A server that reads cards from its start on."""
    assert weights.is_dir()
    with running(tmp_path_factory.mktemp("reading"), IPSE_CARDS="start") as server:
        server.wait_until_ready()
        yield server


@pytest.fixture(scope="module")
def key(reading: Server) -> dict[str, str]:
    """SecretId and SecretKey there."""
    made: dict[str, str] = said(reading.folder, "keys", "create", "--dialect", "tencent", "--name", "client")
    return made


def specimens_of(folder: Path) -> dict[str, str]:
    """The specimens of a folder, by its name and theirs."""
    found = [path for path in sorted(folder.iterdir()) if folder.name != "mrz" or path.stem in ZONES]
    return {f"{folder.name}/{path.stem}": str(path) for path in found}


@pytest.mark.network
@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("folder", [*FOLDERS, "mrz"])
def test_tencents_client_gets_a_final_result_of_every_specimen(
    reading: Server, key: dict[str, str], shared: Path, folder: str
) -> None:
    """3.1.49 applies with AUTO and polls: declared words only, and who issued what, where the specimen is supported."""
    cards = specimens_of(shared / "cards" / folder)
    plan: dict[str, Any] = {
        "http": {"protocol": "http", "endpoint": f"localhost:{reading.port}"},
        "typed": True,
        "within_s": FOLDER_S,
        "key": key["key"],
        "secret": key["secret"],
        "pictures": cards,
        "wanted": ["Nationality", "CardType", "CardInfo"],
        "calls": {name: {"picture": name, "set": {"Nationality": "AUTO", "CardType": "AUTO"}} for name in cards},
    }
    command, variables = python("tencent-3.1.49")
    told = played(command, plan, **variables)
    assert set(cards) == set(told)
    for name, result in told.items():
        assert result["status"] in STATUSES, name
        assert set(result["warnings"]) <= WORDS, name
        assert (result["status"] == "PASSED") == (not result["warnings"]), name
        assert result["CardType"] in TYPES, name
        assert result["same token"], name
        filled = [member for member, leaves in result["CardInfo"].items() if leaves is not None]
        assert (result["Nationality"] is not None) == bool(filled), name
    kinds = {name: (result["Nationality"], result["CardType"]) for name, result in told.items() if name in SUPPORTED}
    assert {name: kind for name, kind in SUPPORTED.items() if name in cards} == kinds


def read_side(server: Server, key: str, side: str, picture: Path) -> dict[str, Any]:
    """What iApp's tool tells its model of a side of a Thai card."""
    variables = {"PYTHONPATH": str(python_client("iapp-mcp-2.1.4")), "IAPP_API_KEY": key, "PATH": os.defpath}
    client = str(Path(__file__).with_name("iapp_client.py"))
    done = subprocess.run(
        [sys.executable, "-S", client, f"http://localhost:{server.port}", side, str(picture)],
        env={**variables, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.network
@pytest.mark.slow
def test_iapps_client_reads_both_sides_of_a_thai_card(reading: Server, samples: Path, tmp_path: Path) -> None:
    """A generated card, photographed well: its number, both names and the number on its back come right."""
    if lacking := absent():
        pytest.skip(f"apt-get install {PACKAGES}: {len(lacking)} font files are absent")
    portrait = decode((samples / "obama.jpg").read_bytes(), Limits()).pixels
    card = specimens.draw("tha-id_card", 7, "a", portrait=portrait)
    assert card.back is not None
    for side, drawn in (("front", card.front), ("back", card.back)):
        (tmp_path / f"{side}.jpg").write_bytes(specimens.degrade(drawn.pixels, "L1", 7).jpeg)
    key = said(reading.folder, "keys", "create", "--dialect", "iapp", "--name", "client")["key"]
    front, back = (read_side(reading, key, side, tmp_path / f"{side}.jpg") for side in ("front", "back"))
    printed = {name: field.value for name, field in card.front.fields.items()}
    expected = {
        "id_number": printed["id_number"].replace("-", ""),
        "id_number_status": 1,
        "en_fname": printed["first_name"],
        "en_lname": printed["last_name"],
        "th_fname": printed["first_name_local"],
        "th_lname": printed["last_name_local"],
        "error_message": "",
    }
    assert expected == {name: front[name] for name in expected}
    assert "".join(filter(str.isalnum, card.back.fields["laser_number"].value)) == back["back_number"]
