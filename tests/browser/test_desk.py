"""The desk in a browser: cards, whispers, commands, and what is written."""

import base64

from playwright.sync_api import Page, expect
from slack_sdk import WebClient

from infra.local.slack.local_slack import LocalSlack
from tests.browser.conftest import Clock
from tests.browser.on_the_page import message, photograph, say
from tests.browser.tiny_app import CHANNEL, TOKEN

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


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
