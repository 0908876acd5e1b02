"""The desk's requests, without a browser."""

import json

import pytest
from slack_sdk import WebClient

from infra.local.desk.desk import Desk
from infra.local.slack.local_slack import Answer, LocalSlack, SignedRequest, Trouble, http_delivery
from tests.browser.asking import (
    ADA,
    MINA,
    act,
    click,
    incident,
    look,
    open_modal,
    place,
    post,
    request,
)
from tests.browser.tiny_app import CHANNEL, TOKEN


def test_the_page_and_its_parts_are_served_with_a_policy_against_others(desk: Desk) -> None:
    for path in ("/", "/desk.js", "/desk.css", "/favicon.svg"):
        with request(desk, "GET", path) as response:
            assert response.status == 200
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert len(response.read()) > 100


@pytest.mark.parametrize("path", ["/door.py", "/../desk.py", "/files/F404", "/act"])
def test_nothing_else_is_served(desk: Desk, path: str) -> None:
    with request(desk, "GET", path) as response:
        assert response.status == 404
        assert json.loads(response.read())["error"].endswith(".")


def test_the_state_is_that_of_the_first_person_until_another_is_chosen(desk: Desk) -> None:
    assert look(desk)["me"] == ADA
    assert look(desk, f"user={MINA}")["me"] == MINA
    assert look(desk, "user=U0MALLORY&channel=C0NONE")["channel"] == CHANNEL


def test_only_commands_and_message_shortcuts_of_the_manifest_are_offered(desk: Desk) -> None:
    state = look(desk)

    assert [command["command"] for command in state["commands"]] == ["/watch", "/broken"]
    assert state["shortcuts"] == [{"name": "File an incident", "callback_id": "incident.file"}]


def test_a_click_changes_the_card_and_whispers_to_its_clicker(desk: Desk) -> None:
    assert click(desk, "alert.acknowledge") == {}

    card_now, whisper = look(desk)["messages"]
    assert card_now["is_edited"]
    assert whisper["is_whisper"]
    assert len(look(desk, f"user={MINA}")["messages"]) == 1


def test_a_choice_reaches_the_app_and_its_reply_stands_in_the_thread(desk: Desk) -> None:
    assert click(desk, "alert.more", "snooze") == {}

    state = look(desk)
    [message] = state["messages"]
    [reply] = state["threads"][message["ts"]]
    assert message["reply_count"] == 1
    assert reply["text"] == "Chosen: snooze"


def test_a_button_that_is_gone_says_so(desk: Desk, slack: LocalSlack) -> None:
    [message] = look(desk)["messages"]
    where = place(message["blocks"], "alert.acknowledge")
    click(desk, "alert.acknowledge")

    late = act(desk, "click_message", channel=CHANNEL, ts=message["ts"], **where)
    slack.delete_message(CHANNEL, message["ts"])
    later = act(desk, "click_message", channel=CHANNEL, ts=message["ts"], **where)

    assert late == later == {"error": "That is no longer here."}


def test_a_refused_submission_gives_its_errors_and_a_good_one_closes_the_modal(desk: Desk) -> None:
    open_modal(desk)

    refused = act(desk, "submit", values=incident("Outage"))
    filed = act(desk, "submit", values=incident("Weather missing"))

    assert refused == {"errors": {"title": "Two words at least, please."}}
    assert filed == {}
    assert look(desk)["view"] is None
    assert look(desk)["messages"][-1]["text"].startswith("Incident: Weather missing")


def test_a_click_in_a_modal_takes_along_what_was_entered(desk: Desk) -> None:
    view = open_modal(desk)

    where = place(view["blocks"], "modal.update")
    act(desk, "click_view", values={"title": {"title.entered": "Weather"}}, **where)

    shorter = look(desk)["view"]
    assert len(shorter["blocks"]) == 2
    assert shorter["state"]["values"]["title"]["title.entered"]["value"] == "Weather"


def test_a_closed_modal_is_gone(desk: Desk) -> None:
    open_modal(desk)

    assert act(desk, "close_view") == {}

    assert look(desk)["view"] is None
    assert act(desk, "close_view") == {"error": "That is no longer here."}


def test_the_home_tab_is_opened_and_clicked(desk: Desk) -> None:
    assert look(desk)["home"] is None

    assert act(desk, "open_home") == {}

    state = look(desk)
    assert state["app"]["channel"] == "D0ADA"
    where = place(state["home"]["blocks"], "home.refresh")
    assert act(desk, "click_home", **where) == {}


def test_words_are_said_and_commands_are_run(desk: Desk) -> None:
    said = act(desk, "say", channel=CHANNEL, text="looking at it")
    ran = act(desk, "say", channel=CHANNEL, text="/watch delay-model")
    unknown = act(desk, "say", channel=CHANNEL, text="/watsh")

    assert said == ran == {}
    assert unknown == {"error": "/watsh is not a valid command."}
    _card, words, whisper = look(desk)["messages"]
    assert words["author"] == {"name": "Ada Okafor", "is_app": False}
    assert "delay-model" in whisper["text"]


def test_an_app_that_fails_is_named(desk: Desk) -> None:
    failed = act(desk, "say", channel=CHANNEL, text="/broken")

    assert failed == {"error": "The app did not answer (http_status_500)."}


def test_an_app_that_is_not_running_is_named(desk: Desk, slack: LocalSlack) -> None:
    slack.connect(http_delivery("http://127.0.0.1:1/slack/events"))

    failed = act(desk, "open_home")

    assert failed == {"error": "The app did not answer (it is not running)."}


def test_an_app_that_takes_over_three_seconds_is_named(desk: Desk, slack: LocalSlack) -> None:
    def late(_request: SignedRequest) -> Answer:
        slack.carrier.troubles.append(Trouble(ADA, "open_home", "operation_timeout"))
        return Answer(200)

    slack.connect(late)

    assert act(desk, "open_home") == {"error": "The app took longer than three seconds."}


def test_the_controls_of_the_desk_are_pressed(desk: Desk, days: list[str]) -> None:
    assert look(desk)["controls"] == [{"label": "Next day", "is_wanted": True}]

    assert act(desk, "control", index=0) == {}

    assert days == ["Friday", "Saturday"]
    assert look(desk)["banner"] == "Replay: Saturday"
    assert act(desk, "control", index=1) == {"error": "That is no longer here."}


def test_a_control_that_is_not_wanted_says_so_and_does_nothing(desk: Desk, days: list[str]) -> None:
    act(desk, "control", index=0)

    assert look(desk)["controls"] == [{"label": "Next day", "is_wanted": False}]
    late = act(desk, "control", index=0)

    assert late == {"error": "There is nothing to do that for now."}
    assert days == ["Friday", "Saturday"]


def test_news_are_told_as_they_come(desk: Desk, slack: LocalSlack) -> None:
    with request(desk, "GET", "/events") as events:
        assert events.readline() == b"retry: 1000\n"
        slack.say(MINA, CHANNEL, "anybody here?")

        told = [events.readline() for _ in range(3)]

    assert told[1] == b"event: changed\n"


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"kind": "dance", "user": "U0ADA"}'])
def test_a_body_that_is_no_deed_is_refused_with_a_sentence(desk: Desk, body: bytes) -> None:
    status, answer = post(desk, body)

    assert status == 400
    assert answer["error"].startswith("The desk did not understand that: ")


def test_a_body_without_an_end_is_not_read(desk: Desk) -> None:
    status, answer = post(desk, b"{}", **{"Content-Length": "99999999"})

    assert status == 400
    assert answer["error"] == "The desk did not understand how long that is."


def test_another_web_page_cannot_click(desk: Desk) -> None:
    body = json.dumps({"kind": "open_home", "user": ADA}).encode()
    named_alike = {"Origin": "http://elsewhere.example", "Host": "elsewhere.example"}

    assert post(desk, body, Origin="https://elsewhere.example")[0] == 403
    assert post(desk, body, Origin="null")[0] == 403
    assert post(desk, body, **named_alike)[0] == 403
    with request(desk, "GET", "/state", Host="elsewhere.example") as response:
        assert response.status == 403
    with request(desk, "POST", "/state", body) as response:
        assert response.status == 404


def test_nobody_is_played_whom_the_desk_was_not_given(desk: Desk) -> None:
    assert act(desk, "open_home", user="U0MALLORY") == {
        "error": "The desk cannot play this person."
    }


def test_an_upload_is_served_and_only_a_picture_opens_in_the_page(
    desk: Desk, slack: LocalSlack
) -> None:
    client = WebClient(TOKEN, base_url=slack.api_url)
    client.files_upload_v2(channel=CHANNEL, filename="drift.png", content=b"picture")
    client.files_upload_v2(channel=CHANNEL, filename="report.html", content=b"<script>")

    kinds = []
    for file_id in slack.workspace.files:
        with request(desk, "GET", f"/files/{file_id}") as response:
            assert response.read() in {b"picture", b"<script>"}
            kinds.append(response.headers["Content-Type"])

    assert kinds == ["image/png", "application/octet-stream"]
    shown = [file["name"] for message in look(desk)["messages"] for file in message["files"]]
    assert shown == ["drift.png", "report.html"]


def test_a_command_in_a_thread_is_refused_as_in_slack(desk: Desk, slack: LocalSlack) -> None:
    [message] = look(desk)["messages"]

    refused = act(desk, "say", channel=CHANNEL, text="/watch", thread_ts=message["ts"])

    assert refused == {"error": "/watch is not supported in threads. Sorry!"}
    assert slack.whispers(ADA) == []


def test_a_person_who_left_is_somebody(desk: Desk, slack: LocalSlack) -> None:
    slack.say("U0GONE", CHANNEL, "goodbye")

    assert look(desk)["messages"][-1]["author"]["name"] == "Somebody"
