"""Trying it: every operation is really answered, and every snippet that is shown really runs."""

import html
import os
import re
import subprocess
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import httpx2
import pytest

from ipse.capture.signing import sign_bundle
from ipse.console.trying.call import Call
from ipse.console.trying.catalogue import catalogue
from ipse.console.trying.snippets import KEY, LANGUAGES, SECRET, snippets
from ipse.console.trying.trial import Trial
from tests.api.conftest import said
from tests.console.conftest import DeskServer, SignedIn

TRIALS = catalogue(sign_bundle)

OTHERWISE = {
    "faceid.verify_person": 400,  # Nobody of this number is in the registry: see the test that enters somebody first.
    "native.compare_capture": 409,  # Nobody stood before a camera.
}
"""What is answered to samples alone, where that is not 200."""

FIRST = {
    "faceid.verify_person": ("native.people_remove",),
    "native.people_lookup": ("native.people_enter",),
    "native.people_remove": ("native.people_enter",),
}
LAST = dict.fromkeys(("native.people_enter", "native.people_lookup"), ("native.people_remove",))
"""What comes before and after, since tests come in any order and all of them share a server."""

RUN = {
    "curl": ("try.sh", ["bash", "try.sh"]),
    "python": ("try.py", ["/usr/bin/python3", "try.py"]),
    "javascript": ("try.mjs", ["node", "try.mjs"]),
    "java": ("Try.java", ["java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "Try.java"]),
    "php": ("try.php", ["php", "try.php"]),
    "go": ("try.go", ["go", "run", "try.go"]),
}
"""The file that each language is saved in, and how it is run."""

AUTHENTICATIONS = ("native.compare", "faceid.verify", "iapp.face_and_card", "linkface.handheld", "tencent.apply")
"""One operation for each way in which callers show who they are."""

BODIES = ("native.captures", "native.compare_batch", "native.usage", "linkface.handheld_kept", "faceid.session")
"""JSON without and with pictures, no body at all, a query that is posted, a form without files."""


def samples(trial: Trial) -> dict[str, str]:
    """What the form sends when nobody changes anything."""
    chosen = {f"sample_{slot.name}": slot.samples[0] for slot in trial.slots if slot.required}
    return {**chosen, **{wish.name: wish.value for wish in trial.wishes}}


def tried(client: httpx2.Client, name: str, **more: str) -> str:
    """The result of an operation with samples, as the page's script gets it."""
    answer = client.post(f"/console/try/{name}", data={**samples(TRIALS[name]), **more}, headers={"X-Part": "result"})
    assert answer.status_code == httpx2.codes.OK, answer.text
    return answer.text


def statuses(result: str) -> list[int]:
    """The status of each call that was made."""
    return [int(status) for status in re.findall(r'<span class="badge">(\d{3})</span>', result)]


def code(result: str, language: str) -> str:
    """The source text that is shown for a language."""
    found = re.search(rf'<pre [^>]*id="text-{language}-1"[^>]*>(.*?)</pre>', result, re.DOTALL)
    assert found is not None
    return html.unescape(found.group(1))


@pytest.mark.parametrize("name", TRIALS)
def test_every_operation_is_answered_with_samples(signed_in: SignedIn, name: str) -> None:
    """Every operation is answered 200 when nothing but its samples is sent, and says something in words."""
    client = signed_in("admin")
    for before in FIRST.get(name, ()):
        tried(client, before)
    result = tried(client, name)
    for after in LAST.get(name, ()):
        tried(client, after)
    assert OTHERWISE.get(name, 200) == statuses(result)[-1], result
    assert 'id="verdict"' in result


def test_samples_show_what_they_are(signed_in: SignedIn) -> None:
    """One person is one, a card is its holder's, a stolen one is not, and nothing speaks against the specimen."""
    client = signed_in("operator")
    assert "The same person" in tried(client, "native.compare")
    assert "Two different people" in tried(client, "native.compare", sample_references="b1")
    assert "It is their own card" in tried(client, "native.holder")
    assert "somebody else" in html.unescape(tried(client, "native.holder", sample_photo="stolen"))
    assert "The card is in order" in tried(client, "native.documents")


def test_somebody_who_is_entered_is_verified_by_number(signed_in: SignedIn) -> None:
    """Megvii's verification against the registry answers once somebody is in it, and not any more afterwards."""
    client = signed_in("admin")
    assert statuses(tried(client, "native.people_enter")) == [200]
    assert "The same person" in tried(client, "faceid.verify_person")
    assert statuses(tried(client, "native.people_remove")) == [200]
    assert statuses(tried(client, "faceid.verify_person")) == [400]


def test_only_who_may_change_people_tries_to(signed_in: SignedIn) -> None:
    """An operator may look somebody up but neither enter nor remove; an auditor tries nothing."""
    operator, auditor = signed_in("operator"), signed_in("auditor")
    assert httpx2.codes.OK == operator.get("/console/try/native.people_lookup").status_code
    for name in ("native.people_enter", "native.people_remove"):
        assert httpx2.codes.NOT_FOUND == operator.get(f"/console/try/{name}").status_code
        posted = operator.post(f"/console/try/{name}", data=samples(TRIALS[name]))
        assert httpx2.codes.NOT_FOUND == posted.status_code
    assert httpx2.codes.FORBIDDEN == auditor.get("/console/try").status_code


def test_without_a_picture_nothing_is_called(signed_in: SignedIn) -> None:
    """A form without the picture that it needs is answered with the form, and says so."""
    answer = signed_in("operator").post("/console/try/native.compare", data={"sample_probe": "a1"})
    assert HTTPStatus.UNPROCESSABLE_ENTITY == answer.status_code
    assert "A picture is missing" in answer.text


def test_what_was_tried_is_written_down(signed_in: SignedIn, desk_server: DeskServer) -> None:
    """The audit trail names the operation and the ledger has a line under the console's own key."""
    tried(signed_in("admin"), "native.detect")
    trail = signed_in("admin").get("/console/audit").text
    assert "native.detect" in trail
    keys = said(desk_server.server.folder, "keys", "list")
    assert {"console"} == {key["name"] for key in keys if key["name"] == "console"}


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the snippets are run in."""
    return tmp_path_factory.mktemp("snippets")


@pytest.fixture(scope="module")
def keys(desk_server: DeskServer) -> Mapping[str, Mapping[str, str]]:
    """A caller's own key for every dialect."""
    dialects = ("native", "faceid", "iapp", "linkface", "tencent")
    return {one: said(desk_server.server.folder, "keys", "create", "--dialect", one, "--name", one) for one in dialects}


def placed(client: httpx2.Client, trial: Trial, folder: Path) -> None:
    """Put the samples of an operation where its snippets look for them."""
    for slot in trial.slots:
        if slot.required:
            name = "reference" if slot.name in {"references", "image_ref1"} else slot.name
            content = client.get(f"/console/try/sample/{slot.samples[0]}").content
            (folder / f"{name}.jpg").write_bytes(content)


def printed(text: str, language: str, folder: Path) -> str:
    """What a snippet prints."""
    file, command = RUN[language]
    (folder / file).write_text(text, encoding="utf-8")
    surroundings = {**os.environ, "GOFLAGS": "-mod=mod", "GO111MODULE": "off"}  # noqa: TID251 - for the compilers
    done = subprocess.run(
        command, check=False, cwd=folder, env=surroundings, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr + text
    return done.stdout


@pytest.mark.parametrize("name", AUTHENTICATIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_snippets_run(
    signed_in: SignedIn, keys: Mapping[str, Mapping[str, str]], pictures: Path, language: str, name: str
) -> None:
    """What is shown runs beside the pictures that it names, with somebody's own key, and is answered 200."""
    client, trial, key = signed_in("operator"), TRIALS[name], keys[TRIALS[name].dialect]
    placed(client, trial, pictures)
    text = code(tried(client, name), language).replace(KEY, key["key"]).replace(SECRET, key["secret"] or "")
    out = printed(text, language, pictures)
    expected = {"native": "similarity", "faceid": "confidence", "iapp": "total", "linkface": "verify_score"}
    assert expected.get(trial.dialect, "CardVerificationToken") in out, out


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_snippets_of_other_bodies_run(
    signed_in: SignedIn, keys: Mapping[str, Mapping[str, str]], pictures: Path, language: str, name: str
) -> None:
    """The same of other kinds of bodies."""
    client, trial, key = signed_in("operator"), TRIALS[name], keys[TRIALS[name].dialect]
    placed(client, trial, pictures)
    text = code(tried(client, name), language).replace(KEY, key["key"]).replace(SECRET, key["secret"] or "")
    out = printed(text, language, pictures)
    assert re.search(r'"(request|results|id|image_id|sid)"', out), out


WICKED = """O'Neil "$(id)" `id` \\ \\n {x} ${HOME} %s %d #{y} <b> 王 é"""
"""What every language has some sign of its own in."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_arrive_as_they_were_typed(
    desk_server: DeskServer, keys: Mapping[str, Mapping[str, str]], pictures: Path, language: str
) -> None:
    """Whatever somebody types into a field is text in the snippet too, and arrives letter by letter."""
    key = keys["native"]["key"]
    headers = {"Authorization": f"Bearer {key}"}
    calls = (
        Call("native", "POST", "/v1/captures", json={"actions": 0, "uuid": WICKED}),
        Call("native", "POST", "/v1/captures", (("actions", "0"), ("uuid", WICKED))),
    )
    for call in calls:
        text = snippets(call, desk_server.home)[language].replace(KEY, key)
        made = re.search(r'"capture": ?"([^"]+)"', printed(text, language, pictures))
        assert made is not None
        with desk_server.client() as client:
            told = client.get(f"/v1/captures/{made.group(1)}", headers=headers).json()
        assert WICKED == told["uuid"]
