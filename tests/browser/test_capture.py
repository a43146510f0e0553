"""The capture page in real browsers: the living pass, everything else does not."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.cast import Films, chromium, firefox, play
from tests.browser.conftest import Desk, Form, begin, until

PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}}


@pytest.mark.timeout(240)
def test_a_living_person_passes_in_chromium(playwright: Playwright, films: Films, desk: Desk) -> None:
    """Somebody who does what is asked before Chromium's camera passes, and every frame shows them."""
    opened = desk.open(actions=2)
    with chromium(playwright, films.living, **PHONE) as context:
        page = context.new_page()
        begin(page, opened)
        until(page, "done", "trouble")
        assert page.get_attribute("main", "data-status") == "passed"
    judged = desk.judgements(opened.capture)
    assert [judged[name]["status"] for name in ("screen_replay", "print", "replaced", "action")] == ["clear"] * 4


@pytest.mark.timeout(300)
def test_a_living_person_in_coloured_light_passes_in_firefox(playwright: Playwright, films: Films, desk: Desk) -> None:
    """Somebody on whose face the screen's colours fall passes in Firefox, flash run and all."""
    opened = desk.open(actions=1, flash=True)
    with firefox(playwright, films, **PHONE) as context:
        page = context.new_page()
        begin(page, opened)
        until(page, "lights", "trouble")
        page.click("#lights-start")
        until(page, "done", "trouble")
        assert page.get_attribute("main", "data-status") == "passed"
    judged = desk.judgements(opened.capture)
    assert [judged[name]["status"] for name in ("action", "flash", "replaced")] == ["clear"] * 3


@pytest.mark.timeout(240)
def test_a_video_that_takes_no_light_fails(playwright: Playwright, films: Films, desk: Desk) -> None:
    """A film played into the camera does not take on the colours that the screen shows."""
    opened = desk.open(actions=0, flash=True)
    with chromium(playwright, films.living, **PHONE) as context:
        play(context, films, reflects=False)
        page = context.new_page()
        begin(page, opened)
        until(page, "lights", "trouble")
        page.click("#lights-start")
        until(page, "done", "trouble")
        assert page.get_attribute("main", "data-status") == "failed"
    assert desk.judgements(opened.capture)["flash"]["status"] == "suspected"


@pytest.mark.timeout(240)
def test_a_still_photo_comes_to_no_end(playwright: Playwright, films: Films, desk: Desk) -> None:
    """A photo held before the camera does nothing that is asked, and nothing is sent."""
    opened = desk.open(actions=1)
    with chromium(playwright, films.still, **PHONE) as context:
        page = context.new_page()
        begin(page, opened)
        until(page, "done", "trouble")
        assert page.get_attribute("main", "data-trouble") == "action_late"
    assert desk.client.result(opened.capture)["status"] == "waiting"


@pytest.mark.timeout(240)
def test_a_video_on_a_screen_fails(playwright: Playwright, films: Films, desk: Desk) -> None:
    """A screen that plays a living person does what is asked, and is seen to be a screen."""
    opened = desk.open(actions=1)
    with chromium(playwright, films.screen, **PHONE) as context:
        page = context.new_page()
        begin(page, opened)
        until(page, "done", "trouble")
        assert page.get_attribute("main", "data-status") == "failed"
    assert desk.judgements(opened.capture)["screen_replay"]["status"] == "suspected"


@pytest.mark.timeout(300)
def test_what_was_changed_on_the_way_is_refused(
    playwright: Playwright, films: Films, desk: Desk, held: Callable[[Page], list[Form]]
) -> None:
    """A swapped picture, another session's delta, a cut flash file and a bundle that was sent before are refused."""
    opened, other = desk.open(actions=1, flash=True), desk.open(actions=1, flash=True)
    with chromium(playwright, films.living, **PHONE) as context:
        play(context, films)
        page = context.new_page()
        kept = held(page)
        begin(page, opened)
        until(page, "lights", "trouble")
        page.click("#lights-start")
        until(page, "trouble")
    form = kept[0]
    swapped = form | {"image_best": form["image_action1"]}
    cut = form | {"meglive_flash_result": form["meglive_flash_result"][:-1]}
    sent = [
        desk.submit(opened.token, swapped),
        desk.submit(other.token, form),
        desk.submit(opened.token, cut),
        desk.submit(opened.token, form),
    ]
    assert [answer.json()["reason"] for answer in sent] == [
        "liveness_bundle_invalid",
        "liveness_bundle_invalid",
        "flash_result_invalid",
        "liveness_bundle_used",
    ]
