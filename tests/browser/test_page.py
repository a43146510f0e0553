"""The capture page for everybody: no axe violation, no policy broken, every language, small and large windows."""

from importlib.resources import files
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.cast import Films, chromium
from tests.browser.conftest import Desk, begin, until

AXE: Final = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"}
NARROW: Final[dict[str, Any]] = {"viewport": {"width": 320, "height": 568}}
"""Source: WCAG 2.2, success criterion 1.4.10: 320 CSS pixels."""

TARGET_PX = 44
"""Source: WCAG 2.2, success criterion 2.5.5."""

LANGUAGES = {"en": "en", "th": "th", "zh": "zh-Hans", "ja": "ja", "id": "id"}


def violations(page: Page) -> list[str]:
    """What axe finds on a page, each in a line."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run()")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("window", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_axe_finds_nothing(playwright: Playwright, films: Films, desk: Desk, window: dict[str, Any]) -> None:
    """No screen of the page has an accessibility violation that axe knows."""
    opened = desk.open(actions=0, flash=True)
    with chromium(playwright, films.living, **window) as context:
        page = context.new_page()
        page.goto(opened.page)
        found = {until(page, "welcome"): violations(page)}
        page.click("#start")
        found[until(page, "place")] = violations(page)
        found[until(page, "lights", within_s=60)] = violations(page)
        page.click("#lights-skip")
        found[until(page, "done", "trouble", within_s=60)] = violations(page)
    assert list(found.values()) == [[]] * 4


@pytest.mark.timeout(90)
def test_whoever_keeps_the_camera_shut_is_told_what_to_do(playwright: Playwright, desk: Desk) -> None:
    """Without the camera's permission the page says so, offers another try, and stays accessible."""
    with chromium(playwright, None, **PHONE) as context:
        page = context.new_page()
        begin(page, desk.open(actions=1))
        until(page, "trouble")
        told = (page.get_attribute("main", "data-trouble"), page.is_visible("#again"), violations(page))
    assert told == ("denied", True, [])


@pytest.mark.timeout(60)
def test_a_token_that_nobody_issued_ends_with_words(playwright: Playwright, desk: Desk) -> None:
    """An unknown token is told as a session that has ended, not as a blank page."""
    with chromium(playwright, None, **PHONE) as context:
        page = context.new_page()
        page.goto(f"{desk.home}/capture#{'x' * 43}")
        until(page, "trouble")
        assert page.inner_text("#end-title")


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("asked", "told"), LANGUAGES.items())
def test_every_language_is_complete_and_fits(playwright: Playwright, desk: Desk, asked: str, told: str) -> None:
    """Each language names itself, leaves no text empty, and needs no scrolling sideways at 320 px."""
    with chromium(playwright, None, **NARROW) as context:
        page = context.new_page()
        page.goto(desk.open(actions=1).page.replace("#", f"?lang={asked}#"))
        until(page, "welcome")
        empty = page.eval_on_selector_all("[data-word]", "all => all.filter(one => !one.textContent.trim()).length")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found = (page.get_attribute("html", "lang"), empty, wide <= NARROW["viewport"]["width"])
        high = page.locator("#start").bounding_box()
    assert found == (told, 0, True)
    assert high is not None
    assert high["height"] >= TARGET_PX


@pytest.mark.timeout(120)
def test_no_policy_is_broken(playwright: Playwright, films: Films, desk: Desk) -> None:
    """From the first byte to the last screen nothing is loaded, run or framed that the page's own policy forbids."""
    said: list[str] = []
    with chromium(playwright, films.living, **PHONE) as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        begin(page, desk.open(actions=0))
        until(page, "done", "trouble", within_s=60)
    assert said == []


@pytest.mark.timeout(60)
def test_the_token_leaves_the_address_at_once(playwright: Playwright, desk: Desk) -> None:
    """Neither the address bar nor the history keeps the token."""
    opened = desk.open(actions=0)
    with chromium(playwright, None, **PHONE) as context:
        page = context.new_page()
        page.goto(opened.page)
        until(page, "welcome")
        assert opened.token not in page.url
