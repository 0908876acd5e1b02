import base64
import re
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from slack_sdk import WebClient

from infra.local.desk.desk import Desk
from infra.local.slack.local_slack import LocalSlack
from tests.browser.conftest import Clock, a_slack
from tests.browser.tiny_app import CHANNEL, MANIFEST, TOKEN

PHONE = ViewportSize(width=390, height=844)
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)
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


def test_a_card_reads_as_in_slack(page: Page) -> None:
    card = message(page, "delay-model")

    expect(card.get_by_role("heading")).to_have_text("🚨 delay-model: 3 columns drifted")
    expect(card).to_contain_text("told @Mina Berg in #ml-alerts, checked 8 Feb 2013 15:00.")
    expect(card.get_by_role("cell", name="dep_delay")).to_be_visible()
    expect(page).to_have_title("Watchkeeper desk")
    photograph(page, "channel")


def test_who_acknowledges_sees_the_card_change_and_a_whisper(page: Page) -> None:
    card = message(page, "3 columns drifted")

    card.get_by_role("button", name="Acknowledge").click()

    expect(card).to_contain_text("@Ada Okafor has it")
    expect(card.get_by_role("button", name="Acknowledge")).to_have_count(0)
    expect(message(page, "Only visible to you")).to_contain_text("You have it now")
    photograph(page, "acknowledged")


def test_a_whisper_is_for_one_person_and_the_card_is_for_all(page: Page) -> None:
    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("Only visible to you")).to_be_visible()

    page.get_by_role("button", name="Mina Berg").click()

    expect(message(page, "@Ada Okafor has it")).to_be_visible()
    expect(page.get_by_text("Only visible to you")).to_have_count(0)


def test_a_choice_of_the_overflow_menu_is_answered_in_the_thread(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    photograph(page, "overflow")
    page.get_by_role("menuitem", name="Too loud").click()

    page.get_by_role("button", name="1 reply").click()

    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Chosen: loud")
    photograph(page, "thread")


def test_a_confirmed_button_acts_and_a_denied_one_does_not(page: Page, slack: LocalSlack) -> None:
    [card] = slack.messages(CHANNEL)
    page.get_by_role("button", name="Roll back").click()
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    assert slack.thread(CHANNEL, card.ts) == []

    page.get_by_role("button", name="Roll back").click()
    photograph(page, "confirm")
    page.get_by_role("dialog").get_by_role("button", name="Roll back").click()

    expect(page.get_by_role("button", name="1 reply")).to_be_visible()
    [reply] = slack.thread(CHANNEL, card.ts)
    assert reply.text == "Rolled back to v-11"


def test_a_menu_in_a_card_acts_at_once(page: Page) -> None:
    page.get_by_label("Priority").select_option("P2")

    expect(message(page, "delay-model")).to_contain_text("Nobody has it · P2")


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


def test_a_typed_command_is_proposed_and_answered_to_its_typist(page: Page) -> None:
    composer = page.get_by_label("Message #ml-alerts")
    composer.fill("/w")
    expect(page.get_by_role("listbox", name="Commands")).to_contain_text("What needs a person")
    photograph(page, "command")

    composer.press("Enter")
    composer.press_sequentially("delay-model")
    composer.press("Enter")

    expect(message(page, "Only visible to you")).to_contain_text("1 alert of delay-model")
    expect(composer).to_have_value("")


def test_the_log_goes_to_the_answer_of_ones_own_command(page: Page, slack: LocalSlack) -> None:
    scrolled_up(page, slack)

    say(page, "/watch delay-model")

    answer = message(page, "1 alert of delay-model")
    expect(answer).to_be_in_viewport(ratio=1)


def test_the_log_goes_to_what_one_says_and_follows_what_is_answered(
    page: Page, slack: LocalSlack
) -> None:
    scrolled_up(page, slack)

    say(page, "anybody here?")
    expect(message(page, "anybody here?")).to_be_in_viewport(ratio=1)
    slack.say("U0MINA", CHANNEL, "I am")

    expect(message(page, "I am")).to_be_in_viewport(ratio=1)


def test_who_reads_old_messages_is_not_torn_away_by_others(page: Page, slack: LocalSlack) -> None:
    scrolled_up(page, slack)

    slack.say("U0MINA", CHANNEL, "by the way")

    expect(message(page, "by the way")).to_have_count(1)
    expect(message(page, "by the way")).not_to_be_in_viewport()


def scrolled_up(page: Page, slack: LocalSlack) -> None:
    """Fill the channel and go back to its beginning."""
    for number in range(30):
        slack.say("U0MINA", CHANNEL, f"remark {number}")
    expect(message(page, "remark 29")).to_be_in_viewport()
    message(page, "delay-model").scroll_into_view_if_needed()
    expect(message(page, "remark 29")).not_to_be_in_viewport()


def test_a_command_that_nobody_has_stays_in_the_composer(page: Page) -> None:
    say(page, "/watsh")

    expect(page.get_by_role("alert")).to_contain_text("/watsh is not a valid command.")
    expect(page.get_by_label("Message #ml-alerts")).to_have_value("/watsh")


def test_a_failing_app_is_not_passed_over_in_silence(page: Page) -> None:
    say(page, "/broken")

    expect(page.get_by_role("alert")).to_contain_text("The app did not answer (http_status_500).")


def test_a_person_writes_and_replies(page: Page) -> None:
    say(page, "looking at it")

    said = message(page, "looking at it")
    expect(said).to_contain_text("Ada Okafor")
    said.hover()
    said.get_by_role("button", name="More message actions").click()
    page.get_by_role("menuitem", name="Reply in thread").click()
    thread = page.get_by_role("complementary", name="Thread")
    thread.get_by_label("Reply…").fill("it is the weather feed")
    thread.get_by_role("button", name="Send").click()

    expect(said.get_by_role("button", name="1 reply")).to_be_visible()


def test_the_home_tab_is_that_of_the_person(page: Page) -> None:
    page.get_by_role("navigation").get_by_role("button", name="Watchkeeper").click()
    expect(page.get_by_label("Home tab")).to_contain_text("@Ada Okafor watches delay-model")
    photograph(page, "home")

    page.get_by_role("button", name="Mina Berg").click()

    expect(page.get_by_label("Home tab")).to_contain_text("@Mina Berg watches delay-model")


def test_an_age_grows_while_the_page_is_open_and_nothing_happens(
    page: Page, slack: LocalSlack, clock: Clock
) -> None:
    page.clock.install()
    page.reload()
    told = int(clock.now().timestamp())
    slack.say("U0MINA", CHANNEL, f"seen <!date^{told}^{{ago}}|some day>")
    expect(message(page, "seen this minute")).to_be_visible()

    clock.go_on(minutes=5)
    page.clock.fast_forward("00:30")

    expect(message(page, "seen 5 minutes ago")).to_be_visible()


def test_what_happens_elsewhere_is_drawn_without_a_reload(page: Page, slack: LocalSlack) -> None:
    expect(message(page, "delay-model")).to_be_visible()

    slack.say("U0MINA", CHANNEL, "anybody here?")

    expect(message(page, "anybody here?")).to_contain_text("Mina Berg")


def test_the_strip_shows_the_banner_and_its_buttons_work(page: Page, days: list[str]) -> None:
    strip = page.get_by_role("status", name="Desk")
    expect(strip).to_contain_text("Replay: Friday")

    strip.get_by_role("button", name="Next day").click()

    expect(strip).to_contain_text("Replay: Saturday")
    expect(strip.get_by_role("button", name="Next day")).to_be_disabled()
    assert days == ["Friday", "Saturday"]


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


def test_a_long_card_scrolls_away_with_its_thread(page: Page, slack: LocalSlack) -> None:
    [card] = slack.messages(CHANNEL)
    for number in range(30):
        slack.say("U0MINA", CHANNEL, f"remark {number}", thread_ts=card.ts)

    page.get_by_role("button", name="30 replies").click()

    thread = page.get_by_role("complementary", name="Thread")
    expect(thread.get_by_text("remark 29")).to_be_in_viewport(ratio=1)
    expect(thread.get_by_role("heading", name="delay-model")).not_to_be_in_viewport()
    thread.get_by_role("heading", name="delay-model").scroll_into_view_if_needed()
    expect(thread.get_by_role("button", name="Roll back")).to_be_in_viewport(ratio=1)


def test_uploads_are_drawn_by_the_desk_itself(page: Page, slack: LocalSlack) -> None:
    client = WebClient(TOKEN, base_url=slack.api_url)
    client.files_upload_v2(channel=CHANNEL, filename="drift.png", title="Drift", content=PICTURE)
    [picture] = slack.workspace.files.values()
    block = {"type": "image", "slack_file": {"id": picture.id}, "alt_text": "Drift of the week"}
    client.chat_postMessage(channel=CHANNEL, text="Drift", blocks=[block])
    client.files_upload_v2(channel=CHANNEL, filename="report.md", title="Report", content="# Why")

    for name in ("Drift", "Drift of the week"):
        drawn = page.get_by_role("img", name=name, exact=True)
        expect(drawn).to_be_visible()
        expect(drawn).to_have_js_property("naturalWidth", 1)
    expect(page.get_by_role("link", name="Report")).to_have_attribute("download", "report.md")
