"""Trying it as somebody who has never seen it, in Chromium: nothing is typed, nothing need be read."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # It brings no types.
from playwright.sync_api import Page, expect

from tests.console.conftest import DeskPage

CHOICES = (("The same person", 2), ("It is their own card", 1), ("The card is in order", 1))
"""What each of the three big choices comes to, and in how many pictures something is drawn."""

PATIENCE_MS = 90_000
"""The networks that read cards are opened with the first card."""

WIDTHS = (360, 1280)


def watched(page: Page) -> list[str]:
    """Every report of the content security policy, and every error of a script, as they come."""
    reports: list[str] = []
    page.on("console", lambda message: reports.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: reports.append(str(error)))
    return reports


def faults(page: Page) -> list[Any]:
    """What axe finds against the page as it stands."""
    found: list[Any] = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


def drawn(page: Page) -> list[bool]:
    """Whether each drawing has its picture under it, and shapes that are on it."""
    pictures: list[bool] = page.evaluate(
        """() => [...document.querySelectorAll("[data-drawing]")].map((one) => {
          const picture = one.querySelector("img");
          const shape = one.querySelector("polygon").getBoundingClientRect();
          const place = picture.getBoundingClientRect();
          const isWithin = shape.right <= place.right + 1 && shape.bottom <= place.bottom + 1;
          return picture.naturalWidth > 0 && shape.width > 0 && isWithin;
        })"""
    )
    return pictures


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("choice", range(len(CHOICES)))
def test_a_newcomer_needs_one_click(desk_page: DeskPage, choice: int, width: int) -> None:
    """Each of the three big choices is one click from its verdict, in words and as a drawing, on a phone too."""
    verdict, pictures = CHOICES[choice]
    page = desk_page("operator", viewport={"width": width, "height": 780}, locale="en")
    reports = watched(page)
    page.goto("/console/try")
    page.locator(".choice button").nth(choice).click()
    expect(page.locator("#verdict")).to_have_text(verdict, timeout=PATIENCE_MS)
    expect(page.locator("#verdict")).to_be_in_viewport()
    page.wait_for_load_state("networkidle")
    assert [True] * pictures == drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not reports
    assert not faults(page)


def test_everything_opened_is_without_fault(desk_page: DeskPage) -> None:
    """Answer, headers and source text, all unfolded, have no fault that axe knows, in dark colours too."""
    page = desk_page("admin", locale="en", color_scheme="dark")
    page.goto("/console/try/faceid.verify_token")
    page.locator(".go").click()
    expect(page.locator("#verdict")).to_have_text("The same person", timeout=PATIENCE_MS)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert not faults(page)


def test_ones_own_picture_stays_in_the_browser(desk_page: DeskPage, samples: Path) -> None:
    """A file of one's own is sent once and drawn from the browser's memory; a sample takes its place again."""
    page = desk_page("operator", locale="en")
    reports, asked = watched(page), []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto("/console/try/native.compare")
    page.locator("[data-slot=references] input[type=file]").set_input_files(samples / "biden.jpg")
    page.locator(".go").click()
    expect(page.locator("#verdict")).to_have_text("Two different people", timeout=PATIENCE_MS)
    assert (page.locator("[data-drawing=references] img").get_attribute("src") or "").startswith("blob:")
    assert 1 == sum(method == "POST" for method, _ in asked)
    page.locator("[data-slot=references] input[value=a2]").check(force=True)
    page.locator(".go").click()
    expect(page.locator("#verdict")).to_have_text("The same person", timeout=PATIENCE_MS)
    assert not reports


def test_the_camera_gives_a_picture(desk_page: DeskPage) -> None:
    """The camera is shown in a dialog and its picture is tried: Chromium's test picture has nobody in it."""
    page = desk_page("operator", locale="en", permissions=["camera"])
    reports = watched(page)
    page.goto("/console/try/native.detect")
    page.locator("[data-camera=picture]").click()
    expect(page.locator("[data-take]")).to_be_enabled(timeout=PATIENCE_MS)
    page.wait_for_function("document.querySelector('dialog video').videoWidth > 0")
    assert not faults(page)
    page.locator("[data-take]").click()
    expect(page.locator("dialog")).to_be_hidden()
    page.locator(".go").click()
    expect(page.locator("#verdict")).to_have_text("No face was found", timeout=PATIENCE_MS)
    assert not reports


def test_it_works_without_scripts(desk_page: DeskPage, samples: Path) -> None:
    """Without JavaScript a file of one's own is sent by the form, and its faces are drawn on a plain ground."""
    page = desk_page("operator", locale="en", java_script_enabled=False)
    page.goto("/console/try/native.compare")
    page.locator("[data-slot=probe] input[type=file]").set_input_files(samples / "biden.jpg")
    page.locator(".go").click()
    expect(page.locator("#verdict")).to_have_text("Two different people", timeout=PATIENCE_MS)
    expect(page.locator("[data-drawing=probe] polygon")).to_have_count(1)


def test_ones_own_key_is_filled_in_here(desk_page: DeskPage) -> None:
    """Key and secret that are typed beside the source text stand in it at once, and are sent nowhere."""
    page = desk_page("operator", locale="en")
    page.goto("/console/try/faceid.detect")
    page.locator(".go").click()
    expect(page.locator("#verdict")).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".code-samples summary").click()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#own-key").fill("MY-KEY-123")
    page.locator("label[for=code-python]").click()
    expect(page.locator("#text-python-1")).to_contain_text("MY-KEY-123")
    assert not asked
