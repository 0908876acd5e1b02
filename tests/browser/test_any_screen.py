"""The desk on a phone, with the keyboard, and when it comes back."""

import re

from playwright.sync_api import Browser, Page, expect

from infra.local.desk.desk import Desk
from infra.local.slack.local_slack import LocalSlack
from tests.browser.conftest import Clock, a_slack
from tests.browser.on_the_page import PHONE, message, open_incident_modal, photograph
from tests.browser.tiny_app import CHANNEL, MANIFEST


def test_everything_is_reached_and_pressed_with_the_keyboard(page: Page) -> None:
    acknowledge = page.get_by_role("button", name="Acknowledge")
    page.get_by_role("button", name="More actions").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name="Snooze")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("menuitem", name="Too loud")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitem")).to_have_count(0)

    page.keyboard.press("Tab")
    expect(acknowledge).to_be_focused()
    page.keyboard.press("Space")

    expect(message(page, "@Ada Okafor has it")).to_be_visible()


def test_a_phone_shows_the_channel_and_the_whole_modal(page: Page) -> None:
    page.set_viewport_size(PHONE)
    expect(page.get_by_role("navigation")).to_have_count(0)
    photograph(page, "phone-channel")

    modal = open_incident_modal(page)

    file = modal.get_by_role("button", name="File")
    expect(file).to_be_in_viewport()
    box = modal.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    photograph(page, "phone-modal")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


def test_a_phone_cuts_a_menu_with_long_entries(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{page.url}#page=home")

    for name in ("Acknowledge one", "Compare with"):
        box = page.get_by_label(name).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 370
    photograph(page, "phone-home")


def test_a_phone_opens_the_sidebar_on_demand(page: Page) -> None:
    page.set_viewport_size(PHONE)

    page.get_by_role("button", name="Open the sidebar").click()
    photograph(page, "phone-sidebar")
    page.get_by_role("button", name="Mina Berg").click()

    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page).to_have_url(re.compile("user=U0MINA"))


def test_the_page_comes_back_by_itself_when_the_desk_does(
    browser: Browser, desk: Desk, slack: LocalSlack
) -> None:
    page = browser.new_page()
    page.goto(desk.url)
    expect(message(page, "delay-model")).to_be_visible()
    desk.stop()
    expect(page.get_by_role("status", name="Desk")).to_contain_text("Connection lost")
    slack.say("U0MINA", CHANNEL, "said in between")

    with Desk(slack, manifest=MANIFEST, people={"U0ADA": "on call"}, port=desk.port):
        expect(message(page, "said in between")).to_be_visible()
        page.close()


def test_an_open_home_tab_is_drawn_again_when_the_desk_comes_back_without_it(
    browser: Browser, desk: Desk, clock: Clock
) -> None:
    page = browser.new_page()
    page.goto(f"{desk.url}#page=home")
    home = page.get_by_label("Home tab")
    expect(home).to_contain_text("@Ada Okafor watches delay-model")
    desk.stop()

    with a_slack(clock) as another:
        another.add_user("U0ADA", "Ada of today")
        with Desk(another, manifest=MANIFEST, people={"U0ADA": "on call"}, port=desk.port):
            expect(home).to_contain_text("@Ada of today watches delay-model")
            page.close()
