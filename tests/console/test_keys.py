"""Keys at the desk of a real server: made, limited, switched off, given new secrets."""

import re

import httpx2
import pytest

from tests.console.conftest import DeskPage, DeskServer, SignedIn
from tests.console.test_every_page import listened, violations

LIMITS = {"credit": "100", "rate": "600/minute", "concurrency": "4", "expires_on": "2039-12-31"}


def made_key(client: httpx2.Client, dialect: str = "native", **fields: str) -> str:
    """The whole word of a key that was made at the desk now."""
    made = client.post("/console/keys", data={"dialect": dialect, "name": "made here", **fields})
    found = re.search(r'<code id="made-key">([\w.]+)</code>', made.text)
    assert found is not None, made.text
    return found[1]


def status(server: DeskServer, key: str) -> int:
    """What a call with a bearer key is answered."""
    with server.client() as client:
        return client.get("/v1/usage", headers={"Authorization": f"Bearer {key}"}).status_code


@pytest.fixture
def admin(signed_in: SignedIn) -> httpx2.Client:
    """An administrator."""
    return signed_in("admin")


def test_a_key_works_from_its_making_and_is_shown_once(desk_server: DeskServer, admin: httpx2.Client) -> None:
    """The word opens at once; the page of the key and the list never show it whole again."""
    key = made_key(
        admin, **LIMITS, operation_usage="on", allow_records="on", keep_pictures="24", liveness_mask="reject"
    )
    assert httpx2.codes.OK == status(desk_server, key)
    public = key.split(".", maxsplit=1)[0]
    pages = [admin.get(path).text for path in ("/console/keys", f"/console/keys/{public}")]
    assert [(True, False)] * 2 == [(public in page, key in page) for page in pages]
    for shown in ("100 of 100 units", "600/minute", "2039-12-31", "pictures 24 h"):
        assert shown in pages[1]
    assert re.search(r'name="operation_usage" value="on" checked', pages[1])
    assert re.search(r'<option value="reject" selected>', pages[1])


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("rate", "fast"),
        ("credit", "-1"),
        ("concurrency", "0"),
        ("expires_on", "tomorrow"),
        ("keep_results", "99999999"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_changes_nothing(
    admin: httpx2.Client, field: str, word: str
) -> None:
    """The form comes back with what was written; nothing else of it was saved either."""
    public = made_key(admin, credit="7").split(".", maxsplit=1)[0]
    answer = admin.post(f"/console/keys/{public}/limits", data={"test_quota": "3", field: word})
    assert httpx2.codes.UNPROCESSABLE_CONTENT == answer.status_code
    assert re.search(rf'value="{word}"[^>]* aria-describedby="{field}_wrong"', answer.text)
    shown = admin.get(f"/console/keys/{public}").text
    assert ("7 of 7 units" in shown, "of 3 calls" in shown) == (True, False)


@pytest.mark.parametrize(("off", "on"), [("disable", "enable"), ("suspend", "resume")])
def test_a_key_is_switched(desk_server: DeskServer, admin: httpx2.Client, off: str, on: str) -> None:
    """The next call is refused, and the one after it was switched back is not."""
    key = made_key(admin)
    public = key.split(".", maxsplit=1)[0]
    told = []
    for state in (off, on):
        assert httpx2.codes.SEE_OTHER == admin.post(f"/console/keys/{public}/{state}").status_code
        told.append(status(desk_server, key) == httpx2.codes.OK)
    assert [False, True] == told


def test_an_old_word_works_through_its_grace(desk_server: DeskServer, admin: httpx2.Client) -> None:
    """Both open after a change with grace; the old one is refused once its grace is ended, or if it had none."""
    key = made_key(admin)
    public = key.split(".", maxsplit=1)[0]

    def rotated(hours: str) -> str:
        answer = admin.post(f"/console/keys/{public}/rotate", data={"grace_hours": hours})
        found = re.search(r'<code id="made-key">([\w.]+)</code>', answer.text)
        assert found is not None
        return found[1]

    second = rotated("24")
    assert [httpx2.codes.OK] * 2 == [status(desk_server, one) for one in (key, second)]
    assert httpx2.codes.SEE_OTHER == admin.post(f"/console/keys/{public}/end-grace").status_code
    assert [httpx2.codes.UNAUTHORIZED, httpx2.codes.OK] == [status(desk_server, one) for one in (key, second)]
    third = rotated("0")
    assert [httpx2.codes.UNAUTHORIZED, httpx2.codes.OK] == [status(desk_server, one) for one in (second, third)]


def test_a_secret_is_not_changed_again_by_a_reload(desk_server: DeskServer, admin: httpx2.Client) -> None:
    """The form is taken once: what its answer showed goes on working, and so does the secret before it."""
    key = made_key(admin)
    public = key.split(".", maxsplit=1)[0]
    once = re.findall(
        r'action="[^"]*/rotate".*?name="once" value="([^"]+)"', admin.get(f"/console/keys/{public}").text, re.DOTALL
    )
    form = {"grace_hours": "24", "once": once[0]}
    answers = [admin.post(f"/console/keys/{public}/rotate", data=form) for _ in range(2)]
    found = re.search(r'<code id="made-key">([\w.]+)</code>', answers[0].text)
    assert found is not None
    assert [httpx2.codes.OK, httpx2.codes.CONFLICT] == [one.status_code for one in answers]
    assert [httpx2.codes.OK] * 2 == [status(desk_server, one) for one in (key, found[1])]


def test_each_form_whose_answer_shows_a_secret_bears_a_word(admin: httpx2.Client) -> None:
    """Each a new one with each look: a key's making, its two changes, an invitation."""
    public = made_key(admin).split(".", maxsplit=1)[0]
    paths = ("/console/keys/new?dialect=faceid", f"/console/keys/{public}", "/console/users")
    words = [re.findall(r'name="once" value="([^"]+)"', admin.get(path).text) for path in (*paths, *paths)]
    assert [1, 2] == [len(one) for one in words[:2]]
    assert words[2]
    assert sum(map(len, words)) == len({word for one in words for word in one})


def test_an_old_secret_of_a_pair_works_through_its_grace(desk_server: DeskServer, admin: httpx2.Client) -> None:
    """Megvii's pair: with both secrets the picture is missing, with a wrong one the caller is unknown."""

    def pair(text: str) -> tuple[str, str]:
        shown = [re.search(rf'<code id="made-{name}">(\w+)</code>', text) for name in ("key", "secret")]
        return str(shown[0] and shown[0][1]), str(shown[1] and shown[1][1])

    key, old = pair(admin.post("/console/keys", data={"dialect": "faceid", "name": "pair"}).text)
    same, new = pair(admin.post(f"/console/keys/{key}/rotate", data={"grace_hours": "1"}).text)
    with desk_server.client() as client:
        answers = [
            client.post("/faceid/v1/detect", data={"api_key": key, "api_secret": secret}).text
            for secret in (old, new, "neither")
        ]
    assert key == same
    assert ["MISSING_ARGUMENTS", "MISSING_ARGUMENTS", "AUTHORIZATION_ERROR"] == [
        word for answer in answers for word in ("MISSING_ARGUMENTS", "AUTHORIZATION_ERROR") if word in answer
    ]


def test_webhook_secrets_are_shown_and_renewed(admin: httpx2.Client) -> None:
    """The same until it is renewed; the audit trail has a line for each look."""
    public = made_key(admin).split(".", maxsplit=1)[0]

    def shown(**fields: str) -> str:
        found = re.search(
            r'<code id="webhook-secret">([^<]+)</code>',
            admin.post(f"/console/keys/{public}/webhook-secret", data=fields).text,
        )
        assert found is not None
        return found[1]

    first, again, renewed, later = shown(), shown(), shown(renew="on"), shown()
    assert (first == again, first == renewed, renewed == later) == (True, False, True)
    trail = admin.get("/console/audit").text
    assert "keys.see_webhook_secret" in trail
    assert first not in trail


@pytest.mark.parametrize("role", ["operator", "auditor"])
def test_who_only_looks_changes_nothing(signed_in: SignedIn, admin: httpx2.Client, role: str) -> None:
    """No form is shown, and none is taken."""
    public = made_key(admin).split(".", maxsplit=1)[0]
    client = signed_in(role)
    shown = client.get(f"/console/keys/{public}")
    assert httpx2.codes.OK == shown.status_code
    assert f"/console/keys/{public}/" not in shown.text
    paths = ("", *(f"/{public}/{what}" for what in ("limits", "rotate", "disable", "end-grace", "webhook-secret")))
    assert {httpx2.codes.FORBIDDEN} == {client.post(f"/console/keys{path}").status_code for path in paths}


def test_a_key_is_made_with_a_browser(desk_page: DeskPage, desk_server: DeskServer) -> None:
    """By clicks alone: the dialect, a name, the button; the word is copied; then its page, without a violation."""
    page = desk_page("admin", viewport={"width": 360, "height": 780}, permissions=["clipboard-read", "clipboard-write"])
    said = listened(page)
    page.goto("/console/keys")
    page.get_by_role("link", name="New key").click()
    page.get_by_role("link", name="Ipse", exact=True).last.click()
    page.get_by_label("Name").fill("made with a browser")
    page.get_by_role("button", name="Make the key").click()
    found = [violations(page)]
    page.get_by_role("button", name="Copy").click()
    page.wait_for_function("document.querySelector('[data-copies]').dataset.done === ''")
    key = page.evaluate("navigator.clipboard.readText()")
    assert httpx2.codes.OK == status(desk_server, key)
    page.get_by_role("link", name="To the key").click()
    found.append(violations(page))
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Switch off").click()
    page.get_by_role("button", name="Switch on").wait_for()
    assert ([[], []], []) == (found, said)
    assert httpx2.codes.OK != status(desk_server, key)
