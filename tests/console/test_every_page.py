"""
Every page of the console for everybody: no axe violation, no policy broken, no error, every language, phone and desk.

With `DESK_SHOTS=FOLDER` the pictures of all pages are left there to be looked at.
"""

import os
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from playwright.sync_api import Page

from ipse.console.words import LANGUAGES
from ipse.service.desk.roles import RIGHTS, Right, Role
from tests.console.conftest import ROLES, DeskPage, DeskServer, SignedIn

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

PAGES: Final[dict[str, Right | None]] = {
    "/console": None,
    "/console/account": None,
    "/console/try": Right.TRY,
    "/console/usage": Right.SEE_USAGE,
    "/console/keys": Right.SEE_KEYS,
    "/console/people": Right.SEE_PEOPLE,
    "/console/find": Right.FIND,
    "/console/engine": Right.SEE_ENGINE,
    "/console/health": Right.SEE_HEALTH,
    "/console/review": Right.SEE_CASES,
    "/console/webhooks": Right.SEE_WEBHOOKS,
    "/console/audit": Right.SEE_AUDIT,
    "/console/users": Right.CHANGE_USERS,
}
"""Every page that the navigation names, and the right that shows it."""

BELOW: Final[dict[str, Right | None]] = {
    "/console/keys/new": Right.CHANGE_KEYS,
    "/console/keys/new?dialect=native": Right.CHANGE_KEYS,
    "/console/find?all=on": Right.FIND,
}
"""Pages that are reached from those."""

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 780}, "has_touch": True}
DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}

LOOKS: Final[dict[str, dict[str, Any]]] = {
    "en": {**PHONE, "color_scheme": "light"},
    "zh": {**DESKTOP, "color_scheme": "dark"},
    "th": {**PHONE, "color_scheme": "dark"},
    "id": {**DESKTOP, "color_scheme": "light"},
}
"""How each language is looked at: all windows and schemes are seen without taking four times as long."""

MOST_BYTES: Final = 100 * 1024
MOST_MS: Final = 300
"""Source: the issue: the first page at most 100 KB and 300 ms on this machine."""

TRIES: Final = 20
"""How often the first page may be opened until it was there in time."""

TARGET_PX: Final = 44
"""Source: WCAG 2.2, success criterion 2.5.5."""

ALSO_SMALL: Final = "[type=hidden], [type=checkbox], [type=radio], [type=file]"
"""Fields whose label is touched instead, or nothing."""


def listened(page: Page) -> list[str]:
    """What a page says of errors from now on; a policy that is broken is one."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def violations(page: Page) -> list[str]:
    """What axe finds on a page, each in a line."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})")
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found["violations"]]


def open_to(role: str) -> list[str]:
    """The pages that a role may see."""
    return [path for path, right in {**PAGES, **BELOW}.items() if right is None or right in RIGHTS[Role(role)]]


def too_wide(page: Page, path: str, role: str) -> list[int]:
    """The widths of windows, in pixels, at which the page needs scrolling sideways; each is shot on the way."""
    wide = []
    for window in (PHONE, DESKTOP):
        page.set_viewport_size(window["viewport"])
        if page.evaluate("document.documentElement.scrollWidth") > window["viewport"]["width"]:
            wide.append(window["viewport"]["width"])
        name = path.removeprefix("/console").strip("/") or "home"
        shoot(page, f"{name}-{role}-{page.get_attribute('html', 'lang')}-{window['viewport']['width']}")
    return wide


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page, if somebody wants to look."""
    folder = os.environ.get("DESK_SHOTS")  # noqa: TID251 - a question of the person who looks
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("role", "language"), [*(("admin", language) for language in LANGUAGES), ("operator", "en"), ("auditor", "th")]
)  # Every page is the administrator's too; the others have fewer.
def test_every_page_is_for_everybody(desk_page: DeskPage, role: str, language: str) -> None:
    """No page breaks the policy, logs an error, leaves axe something to find or needs scrolling sideways."""
    page = desk_page(role, locale=language, **LOOKS[language])
    said = listened(page)
    found: dict[str, Any] = {}
    for path in open_to(role):
        answer = page.goto(path)
        assert answer is not None
        told = (answer.status, page.get_attribute("html", "lang"), violations(page), too_wide(page, path, role))
        if told != (httpx2.codes.OK, language, [], []):
            found[path] = told
    assert ({}, []) == (found, said)


@pytest.mark.parametrize("role", ROLES)
def test_what_is_not_a_roles_is_forbidden(signed_in: SignedIn, role: str) -> None:
    """A page whose right a role lacks answers 403, and the navigation does not name it."""
    client = signed_in(role)
    shut = [path for path in PAGES if path not in open_to(role)]
    home = client.get("/console").text
    assert [httpx2.codes.FORBIDDEN] * len(shut) == [client.get(path).status_code for path in shut]
    assert not [path for path in shut if f'href="{path}"' in home]
    assert not [path for path in open_to(role)[2:] if path not in BELOW and f'href="{path}"' not in home]


def test_nobody_sees_anything_without_signing_in(desk_server: DeskServer) -> None:
    """Without a session every page leads to the sign-in."""
    with desk_server.client() as client:
        answers = [client.get(path) for path in PAGES]
    assert {(httpx2.codes.SEE_OTHER, True)} == {
        (one.status_code, one.headers["location"].startswith("/console/sign-in")) for one in answers
    }


@pytest.mark.timeout(60)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["/console/sign-in", "/console/enter", "/console/no-such-page"])
def test_the_doors_are_for_everybody_too(desk_page: DeskPage, path: str, language: str) -> None:
    """Sign-in, entering and the page of an unknown address: as accessible as all others."""
    page = desk_page("", locale=language, **PHONE)
    said = listened(page)
    answer = page.goto(path)
    assert answer is not None
    shoot(page, f"{path.rpartition('/')[2]}--{language}-360")
    about_status = [one for one in said if "status of 404" in one]
    assert (language, [], about_status) == (page.get_attribute("html", "lang"), violations(page), said)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", ["/console/sign-in", "/console"])
def test_the_first_page_is_small_and_fast(desk_page: DeskPage, path: str) -> None:
    """The first page, with all it loads, is at most 100 KB, and is there within 300 ms."""
    took: list[tuple[float, int]] = []
    while len(took) < TRIES and not (took and took[-1][0] <= MOST_MS):  # Other tests may use both cores meanwhile.
        page = desk_page("admin" if path == "/console" else "")
        page.goto(path, wait_until="load")
        timing = page.evaluate(
            "() => { const [page] = performance.getEntriesByType('navigation');"
            "const all = [page, ...performance.getEntriesByType('resource')];"
            "return [page.loadEventEnd - page.startTime, all.reduce((sum, one) => sum + one.transferSize, 0)]; }"
        )
        took.append((timing[0], timing[1]))
    assert min(ms for ms, _ in took) <= MOST_MS, took
    assert max(size for _, size in took) <= MOST_BYTES, took


@pytest.mark.timeout(120)
@pytest.mark.parametrize("role", ROLES)
def test_whatever_is_touched_is_large_enough(desk_page: DeskPage, role: str) -> None:
    """Buttons and fields of a phone are at least 44 pixels high."""
    page = desk_page(role, **PHONE)
    small = {}
    for path in open_to(role):
        page.goto(path)
        found = page.eval_on_selector_all(
            "main button, main select, main a.button, main input:not(" + ALSO_SMALL + ")",
            f"all => all.filter(one => one.checkVisibility() && one.getBoundingClientRect().height < {TARGET_PX})"
            ".map(one => one.outerHTML.slice(0, 100))",
        )
        if found:
            small[path] = found
    assert {} == small
