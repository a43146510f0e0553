"""The curl lines of Megvii's page, as they stand there."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance import samples as pages

if TYPE_CHECKING:
    from tests.conformance.conftest import Vendors

pytestmark = pytest.mark.shared

NUMBER = "<18位身份号>"
NAMES = {
    "KYC验证、使用MegLive的输出:": "KYC with MegLive",
    "KYC验证、使用Face token:": "KYC with a face token",
    "KYC验证、使用未detect过的人脸照片:": "KYC with a picture",
    "人脸比对、使用MegLive的输出:": "compare with MegLive",
    "人脸比对、使用Face token:": "compare with a face token",
    "人脸比对、使用未detect过的人脸照片:": "compare with a picture",
    "人脸比对、使用MegLiveFlash的输出:": "compare with MegLiveFlash",
}
"""What the page calls its samples, and what we do."""


def answer(vendors: "Vendors", shared: Path, name: str, blanks: dict[str, str]) -> dict[str, Any]:
    """What the sample of this name prints."""
    pages.need("curl")
    samples = {NAMES[title]: sample for title, sample in pages.curl_lines(shared).items()}
    key, secret = vendors.keys["faceid"]
    credentials = {"<api_key>": key, "<api_secret>": secret}
    command = pages.filled(samples[name], "faceid", vendors.address, {**credentials, **blanks})
    done = vendors.run("bash", "-c", command)
    assert 0 == done.returncode, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def token(vendors: "Vendors") -> str:
    """A token of the face on `image.jpg`."""
    key, secret = vendors.keys["faceid"]
    with vendors.server.client() as client:
        picture = (vendors.folder / "image.jpg").read_bytes()
        fields = {"api_key": key, "api_secret": secret}
        found = client.post("/faceid/v1/detect", data=fields, files={"image": picture})
    return str(found.json()["faces"][0]["token"])


def test_every_sample_of_the_page_is_run(shared: Path) -> None:
    """The page has these seven samples and no other."""
    assert list(NAMES) == list(pages.curl_lines(shared))


@pytest.mark.parametrize("name", ["compare with a picture", "compare with a face token"])
def test_a_comparison_passes(vendors: "Vendors", shared: Path, name: str) -> None:
    """Two pictures of one person pass at 1e-4."""
    user = {"<用户的在您的系统中的id>": "user-1"}
    blanks = {
        "compare with a picture": {**user, "<待验证人脸照>": "@image.jpg"},
        "compare with a face token": {**user, "face_token=": f"face_token={token(vendors)}"},
    }[name]
    told = answer(vendors, shared, name, blanks)
    assert {"time_used", "result_ref1", "request_id"} == set(told)
    assert told["result_ref1"]["confidence"] > told["result_ref1"]["thresholds"]["1e-4"]


@pytest.mark.parametrize("name", ["KYC with a picture", "KYC with a face token"])
def test_a_registered_person_passes(vendors: "Vendors", shared: Path, person: str, name: str) -> None:
    """The person registered under the page's own name passes at 1e-4."""
    blanks = {
        "KYC with a picture": {NUMBER: person, "<待验证人脸照>": "@image.jpg"},
        "KYC with a face token": {NUMBER: person, "face_token=": f"face_token={token(vendors)}"},
    }[name]
    told = answer(vendors, shared, name, blanks)
    assert {"time_used", "id_exceptions", "result_faceid", "request_id"} == set(told)
    assert told["result_faceid"]["confidence"] > told["result_faceid"]["thresholds"]["1e-4"]


def test_a_comparison_with_a_bundle_of_the_vendors_sdk(vendors: "Vendors", shared: Path) -> None:
    """Nobody but the vendor can vouch for a bundle of its own SDK."""
    blanks = {"<用户的在您的系统中的id>": "user-1", "<delta.txt>": "a delta of the vendor's"}
    assert "DATA_VALIDATION_ERROR" == answer(vendors, shared, "compare with MegLive", blanks)["error_message"]


def test_the_delta_that_the_page_leaves_empty(vendors: "Vendors", shared: Path) -> None:
    """The KYC sample sends `delta=` as it stands: an empty field is missing (vector: "…sends an empty delta")."""
    told = answer(vendors, shared, "KYC with MegLive", {NUMBER: "110101199001010015"})
    assert "MISSING_ARGUMENTS: delta" == told["error_message"]


def test_the_page_misspells_its_own_flash_type(vendors: "Vendors", shared: Path) -> None:
    """`megliveflash` is none of the four types of the page's table (vector: "the page's own curl line for flash")."""
    told = answer(vendors, shared, "compare with MegLiveFlash", {"<用户的在您的系统中的id>": "user-1"})
    assert "BAD_ARGUMENTS: face_image_type" == told["error_message"]
