"""Usage, find, people, engine and health at the desk of a real server, after calls that were really made."""

import csv
import io
import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Dialog

from ipse.infra.signing import is_signed
from ipse.models.manifest import Manifest
from ipse.service.evidence import canonical
from tests.console.conftest import DeskPage, DeskServer, SignedIn
from tests.console.test_every_page import listened, violations
from tests.console.test_keys import made_key

NUMBER = "110000199001011234"
UUID = "customer 17 / 4"


@dataclass
class Calls:
    """A key of a name of its own, and what was called with it."""

    key: str
    ids: list[str]

    @property
    def public(self) -> str:
        """The part of the key that may be shown."""
        return self.key.split(".", maxsplit=1)[0]


@pytest.fixture
def admin(signed_in: SignedIn) -> httpx2.Client:
    """An administrator."""
    return signed_in("admin")


@pytest.fixture
def calls(desk_server: DeskServer, admin: httpx2.Client, samples: Path) -> Calls:
    """Two comparisons, the second of different people, pictures kept for a day; and one call that was refused."""
    key = made_key(admin, "native", keep_pictures="24", keep_results="24", allow_kyc="on")
    probe, same, other = ((samples / f"{name}.jpg").read_bytes() for name in ("obama", "obama2", "biden"))
    with desk_server.client() as client:
        client.headers["Authorization"] = f"Bearer {key}"
        made = [client.post("/v1/compare", files={"probe": probe, "references": one}) for one in (same, other)]
        made.append(client.post("/v1/compare", files={"probe": b"no picture", "references": probe}))
    return Calls(key, [one.headers["x-request-id"] for one in made])


def tiles(text: str) -> dict[str, str]:
    """The figures at the head of a page."""
    found = re.findall(r'<div class="card"><dt>([^<]+)</dt><dd[^>]*>(?:<span[^>]*>)?([^<]+)', text)
    return {name: shown.strip() for name, shown in found}


def test_usage_adds_up_what_was_called(admin: httpx2.Client, calls: Calls) -> None:
    """Page and file agree, whatever the rows are; a filter leaves the other operations out."""
    shown = {
        by: tiles(admin.get("/console/usage", params={"key": calls.public, "by": by}).text)
        for by in ("day", "key", "operation")
    }
    expected = {"Calls": "3", "Succeeded": "2", "Refused": "1", "Units billed": "2"}
    assert dict.fromkeys(shown, expected) == shown
    file = admin.get("/console/usage.csv", params={"key": calls.public, "by": "operation"})
    assert 'attachment; filename="ipse-usage-by-operation.csv"' == file.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(file.text)))
    assert [["operation", "calls", "succeeded", "billed"], ["native compare", "3", "2", "2"]] == rows
    nothing = admin.get("/console/usage", params={"key": calls.public, "operation": "native detect"}).text
    assert "There were no such calls." in nothing
    past = admin.get("/console/usage", params={"key": calls.public, "until": "2001-01-01"}).text
    assert "There were no such calls." in past


def test_a_call_is_found_by_id_and_time(admin: httpx2.Client, calls: Calls) -> None:
    """However a dialect spells the id; a key's calls are listed, the newest first; nobody has what was never given."""
    call = calls.ids[0]
    for spelled in (call, f"1461740007,{call}", f"TID{call.replace('-', '')}"):
        answer = admin.post("/console/find", data={"by": "request", "text": spelled})
        assert f"/console/find/{call}" == answer.headers["location"]
    listed = admin.get("/console/find", params={"key": calls.public}).text
    assert calls.ids[::-1] == re.findall(r'href="/console/find/([\w-]{36})"', listed)
    none = admin.post("/console/find", data={"by": "token", "text": "never given"}).text
    assert "Calls found: 0" in none


def test_a_person_is_found_and_forgotten_by_the_callers_own_id(
    desk_server: DeskServer, admin: httpx2.Client, samples: Path
) -> None:
    """The id of Megvii's caller finds the call and stands in no audit line; once erased, nothing finds it."""
    made = admin.post("/console/keys", data={"dialect": "faceid", "name": "shop"}).text
    key, secret = (re.search(rf'<code id="made-{name}">(\w+)</code>', made) for name in ("key", "secret"))
    assert key is not None
    assert secret is not None
    pictures = {name: (samples / f"{name}.jpg").read_bytes() for name in ("obama", "obama2")}
    fields = {"face_image_type": "raw_image", "comparison_type": "0", "uuid": UUID}
    with desk_server.client() as client:
        verified = client.post(
            "/faceid/v2/verify",
            data={"api_key": key[1], "api_secret": secret[1], **fields},
            files={"image": pictures["obama"], "image_ref1": pictures["obama2"]},
        )
    assert verified.is_success, verified.text
    call = verified.json()["request_id"].partition(",")[2]
    wanted = {"by": "uuid", "text": UUID}
    assert [call] == re.findall(r'href="/console/find/([\w-]{36})"', admin.post("/console/find", data=wanted).text)
    assert "Calls concerned: 1." in admin.post("/console/find/erase", data=wanted).text
    assert "Calls found: 0" in admin.post("/console/find", data=wanted).text
    assert UUID not in admin.get("/console/audit").text


def test_what_was_decided_is_told_and_given_signed(admin: httpx2.Client, calls: Calls) -> None:
    """In words on the page, and as the very record whose signature holds; a call that decided nothing has none."""
    pages = [admin.get(f"/console/find/{call}").text for call in calls.ids]
    assert [True, False, False] == ["The same person." in page for page in pages]
    assert [False, True, False] == ["Different people." in page for page in pages]
    file = admin.get(f"/console/find/{calls.ids[0]}/evidence")
    record = json.loads(file.content)
    assert calls.ids[0] == record["call"]
    assert is_signed(record["signature"]["public_key"], canonical(record), record["signature"]["value"])
    assert httpx2.codes.NOT_FOUND == admin.get(f"/console/find/{calls.ids[2]}/evidence").status_code
    assert httpx2.codes.NOT_FOUND == admin.get("/console/find/no-call").status_code


def test_kept_pictures_are_for_whoever_may_see_them(signed_in: SignedIn, admin: httpx2.Client, calls: Calls) -> None:
    """An operator sees them, which the trail tells; an auditor sees that they are there, and no more."""
    path = f"/console/find/{calls.ids[0]}"
    auditor = signed_in("auditor")
    shown = auditor.get(path).text
    assert ("Picture: probe" in shown, "See the pictures" in shown, "data:image" in shown) == (True, False, False)
    assert httpx2.codes.FORBIDDEN == auditor.post(f"{path}/pictures").status_code
    assert "See the pictures" in signed_in("operator").get(path).text
    seen = signed_in("operator").post(f"{path}/pictures").text
    assert 2 == seen.count('src="data:image/jpeg;base64,/9j/')
    trail = admin.get("/console/audit").text
    assert "pictures.see" in trail
    assert calls.ids[0] in trail


def test_a_call_is_erased_with_a_receipt(signed_in: SignedIn, admin: httpx2.Client, calls: Calls) -> None:
    """What was kept and decided is gone, the line of the ledger stays; only an administrator may."""
    call = calls.ids[0]
    wanted = {"by": "request", "text": call}
    assert httpx2.codes.FORBIDDEN == signed_in("operator").post("/console/find/erase", data=wanted).status_code
    told = admin.post("/console/find/erase", data=wanted).text
    assert "Calls concerned: 1." in told
    written = re.search(r'name="receipt" value="([^"]+)"', told)
    assert written is not None
    file = admin.post("/console/find/receipt", data={"receipt": unescape(written[1])})
    receipt = json.loads(file.content)
    assert is_signed(receipt["signature"]["public_key"], canonical(receipt), receipt["signature"]["value"])
    assert "kept" in receipt["counts"]
    page = admin.get(f"/console/find/{call}").text
    assert ("No decision is kept" in page, "Picture: probe" in page, "200 ok" in page) == (True, False, True)


def test_a_person_is_looked_up_taken_out_and_forgotten(
    desk_server: DeskServer, admin: httpx2.Client, calls: Calls, samples: Path
) -> None:
    """Found by number however it is spelled; afterwards nobody has it, and no line of the trail tells the number."""
    with desk_server.client() as client:
        person = {"id_number": NUMBER, "name": "Ada Lovelace"}
        entered = client.post(
            "/v1/people",
            data=person,
            files={"photo": (samples / "obama.jpg").read_bytes()},
            headers={"Authorization": f"Bearer {calls.key}"},
        )
    assert entered.is_success, entered.text
    spelled = f"{NUMBER[:6]} {NUMBER[6:]}"
    found = admin.post("/console/people", data={"number": spelled}).text
    assert ("Ada Lovelace" in found, tiles(found)["usable"]) == (True, "1")
    removed = admin.post("/console/people/remove", data={"number": spelled}).text
    assert ("Taken out of the registry." in removed, tiles(removed)["usable"]) == (True, "0")
    assert "Nobody has this number." in admin.post("/console/people", data={"number": NUMBER}).text
    told = admin.post("/console/find/erase", data={"by": "number", "text": NUMBER}).text
    assert ("Erased" in told, NUMBER in told) == (True, False)
    trail = admin.get("/console/audit").text
    assert [True, True, False] == [word in trail for word in ("people.see", "people.remove", NUMBER)]


def test_the_engine_tells_its_weights_and_its_rates(desk_server: DeskServer, admin: httpx2.Client) -> None:
    """Every default weight with its digest and licences, the thresholds that answers name, and a drawn DET."""
    page = admin.get("/console/engine").text
    weights = Manifest.load().defaults
    assert [] == [one.name for one in weights if one.digest not in page or one.weights_license.name not in page]
    with desk_server.client() as client:
        curve = client.get("/readyz").json()["curve"]
    for figure in (f"{curve['extrapolated_below']:.1e}", f"{curve['impostor_pairs']:,}", curve["date"]):
        assert figure in page
    assert page.count('<circle class="dot"') == page.count('<line class="whisker"') > 1


def test_health_tells_what_is_reached_and_how_long_calls_take(admin: httpx2.Client, calls: Calls) -> None:
    """The database and the object store answer in milliseconds; the calls of the last hour are counted."""
    assert calls.ids
    page = admin.get("/console/health").text
    shown = tiles(page)
    assert shown["Database"].endswith(" ms")
    assert shown["Object store"].endswith(" ms")
    assert int(shown["Calls, last hour"]) >= len(calls.ids)
    assert "native compare" in page


@pytest.fixture
def below(calls: Calls) -> list[str]:
    """The pages that are reached from lists."""
    return [f"/console/find/{calls.ids[0]}", f"/console/keys/{calls.public}", "/console/usage?by=operation"]


@pytest.mark.parametrize("look", [{"locale": "th", "color_scheme": "dark"}, {"locale": "zh", "color_scheme": "light"}])
def test_pages_below_the_lists_are_for_everybody(desk_page: DeskPage, below: list[str], look: dict[str, str]) -> None:
    """No violation, no error, no scrolling sideways on a phone."""
    page = desk_page("admin", viewport={"width": 360, "height": 780}, **look)
    said = listened(page)
    found = {}
    for path in below:
        page.goto(path)
        found[path] = (violations(page), page.evaluate("document.documentElement.scrollWidth"))
    assert ({path: ([], 360) for path in below}, []) == (found, said)


def test_pictures_are_seen_and_a_call_is_erased_with_a_browser(desk_page: DeskPage, calls: Calls) -> None:
    """By clicks: the pictures load under the policy; the question before the erasure is asked, and answered."""
    page = desk_page("admin")
    said = listened(page)
    page.goto(f"/console/find?key={calls.public}")
    page.get_by_role("link", name=re.compile(calls.ids[1][:8])).click()
    page.get_by_role("button", name="See the pictures").click()
    widths = page.eval_on_selector_all(".picture img", "all => all.map(one => one.naturalWidth > 0)")
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    page.on("dialog", agree)
    page.get_by_role("button", name="Erase for ever").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the receipt").click()
    receipt = json.loads(Path(download.value.path()).read_bytes())
    assert ([True, True], 1, "ipse-erasure/1") == (widths, len(asked), receipt["format"])
    assert (violations(page), said) == ([], [])
