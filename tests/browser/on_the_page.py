"""What a person sees and does on the desk's page."""

from pathlib import Path

from playwright.sync_api import Locator, Page, ViewportSize

from infra.local.demo.stage import Stage

PHONE = ViewportSize(width=390, height=844)
SCREENSHOTS = Path("build/screenshots")


def photograph(page: Page, name: str) -> None:
    page.screenshot(path=SCREENSHOTS / f"{name}.png")


def message(page: Page, text: str) -> Locator:
    return page.get_by_role("log").get_by_role("article").filter(has_text=text)


def say(page: Page, text: str) -> None:
    composer = page.get_by_label("Message #ml-alerts")
    composer.fill(text)
    composer.press("Enter")


def open_incident_modal(page: Page) -> Locator:
    card = message(page, "delay-model")
    card.hover()
    card.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="File an incident").click()
    return page.get_by_role("dialog", name="File an incident")


def fill_incident(modal: Locator, title: str) -> None:
    modal.get_by_label("Title").fill(title)
    modal.get_by_label("Lost predictions").fill("12")
    modal.get_by_label("Commander").select_option("Mina Berg")
    modal.get_by_label("Data").check()
    modal.get_by_label("The owner").check()


def press(button: Locator, stage: Stage) -> None:
    """Click what the app answers to, and let the box draw what that changes."""
    with button.page.expect_response("**/act"):
        button.click()
    stage.step()
