"""Modals on the desk: filed, put right, pushed, updated, closed."""

from playwright.sync_api import Page, expect

from infra.local.slack.local_slack import LocalSlack
from tests.browser.on_the_page import fill_incident, message, open_incident_modal, photograph


def test_an_incident_is_filed_after_its_errors_were_put_right(page: Page) -> None:
    modal = open_incident_modal(page)
    expect(modal.get_by_label("Title")).to_be_focused()
    modal.get_by_role("button", name="File").click()
    expect(modal.get_by_text("Please complete this required field.")).to_have_count(4)
    photograph(page, "modal-empty")

    fill_incident(modal, "Outage")
    modal.get_by_role("button", name="File").click()
    expect(modal.get_by_role("alert")).to_have_text("Two words at least, please.")
    expect(modal.get_by_label("Title")).to_be_focused()
    photograph(page, "modal-error")
    modal.get_by_label("Title").fill("Weather missing")
    modal.get_by_role("button", name="File").click()

    expect(modal).to_have_count(0)
    expect(message(page, "Incident:")).to_contain_text(
        "Weather missing, lost 12, since 2013-02-08, commander @Mina Berg, "
        "kind data, told ['owner']"
    )


def test_a_number_that_is_none_is_not_sent(page: Page) -> None:
    modal = open_incident_modal(page)
    fill_incident(modal, "Weather missing")
    modal.get_by_label("Lost predictions").fill("a dozen")

    modal.get_by_role("button", name="File").click()

    expect(modal.get_by_role("alert")).to_have_text("Please enter a whole number.")


def test_a_pushed_modal_closes_on_the_one_below_which_kept_what_was_entered(page: Page) -> None:
    modal = open_incident_modal(page)
    modal.get_by_label("Title").fill("Weather missing")
    modal.get_by_role("button", name="Explain").click()
    expect(page.get_by_role("dialog", name="Explanation")).to_contain_text("a story")

    page.keyboard.press("Escape")

    expect(modal.get_by_label("Title")).to_have_value("Weather missing")


def test_an_updated_modal_keeps_what_was_entered(page: Page) -> None:
    modal = open_incident_modal(page)
    modal.get_by_label("Title").fill("Weather missing")

    modal.get_by_role("button", name="Shorten").click()

    expect(modal.get_by_label("Lost predictions")).to_have_count(0)
    expect(modal.get_by_label("Title")).to_have_value("Weather missing")


def test_escape_closes_a_modal(page: Page, slack: LocalSlack) -> None:
    modal = open_incident_modal(page)
    expect(modal).to_be_visible()

    page.keyboard.press("Escape")

    expect(modal).to_have_count(0)
    assert slack.view_of("U0ADA") is None
