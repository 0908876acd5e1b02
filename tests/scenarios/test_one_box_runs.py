import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.request import Request, urlopen

import pytest

from core.adapters.slack.actions import ACKNOWLEDGE
from core.config import Settings, WrongSettings
from core.domain.alert import Alert
from core.domain.person import Person
from core.flows.apply_config import apply_config
from core.flows.raise_alert import raise_alert
from core.ports import Ports
from core.wiring import connect
from infra.local.desk.desk import PortNotFree
from infra.local.desk.furnishing import Furnishing
from infra.local.run import run
from infra.local.runner_lock import AlreadyRunning
from infra.local.slack.local_slack import LocalSlack
from tests.builders import ADA, CHANNEL, a_config, an_alert
from tests.scenarios.conftest import SECRET, TOKEN
from tests.scenarios.scene import Clock

SOON_S = 20


class Running:
    """A box that runs in a thread of its own, until the end of the test."""

    def __init__(self, settings: Settings) -> None:
        self.said: Queue[str] = Queue()
        self.stop = threading.Event()
        self._failure: list[BaseException] = []
        self._thread = threading.Thread(target=self._run, args=(settings,))

    def _run(self, settings: Settings) -> None:
        try:
            run(settings, 0, self.said.put, self.stop)
        except BaseException as error:  # noqa: BLE001 - handed to the test
            self._failure.append(error)
            self.said.put(str(error))

    def __enter__(self) -> str:
        self._thread.start()
        return self.said.get(timeout=SOON_S)

    def __exit__(self, *_raised: object) -> None:
        self.stop.set()
        self._thread.join(SOON_S)
        assert self._failure == []


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(SECRET, TOKEN, now=Clock().now) as slack:
        slack.add_user(ADA.id, "Ada")
        slack.add_channel(CHANNEL, "ml-alerts")
        yield slack


def test_with_the_tokens_of_an_app_it_talks_to_a_workspace_over_its_socket(
    tmp_path: Path, slack: LocalSlack
) -> None:
    settings = Settings.read(
        {
            "WATCHKEEPER_FOLDER": str(tmp_path),
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_APP_TOKEN": "xapp-local",
        }
    )
    ports = with_an_alert(settings)
    drawn = changes(slack)

    with Running(settings) as said:
        assert said == "Connected to the Slack workspace over Socket Mode."
        until(drawn, lambda: slack.messages(CHANNEL))
        answer = slack.click(ACKNOWLEDGE, user=ADA.id, message=slack.messages(CHANNEL)[0])
        assert answer.status == 200
        until(drawn, lambda: "has it" in str(slack.messages(CHANNEL)[0].blocks))

    stored = ports.records.get(Alert, an_alert().id)
    assert stored is not None
    assert stored.owner == ADA.id


def test_without_a_slack_account_it_opens_the_desk(tmp_path: Path) -> None:
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)})
    with_an_alert(settings)

    with Running(settings) as said:
        assert said.startswith("The desk is at http://127.0.0.1:")


def test_a_box_without_a_model_says_what_to_do_first(tmp_path: Path) -> None:
    running = Running(Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)}))

    with running as said:
        assert said.startswith("The desk is at")
        assert running.said.get(timeout=SOON_S).startswith("No model is in force yet")


def test_the_channel_of_a_model_that_is_applied_later_opens_by_itself(tmp_path: Path) -> None:
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)})

    with Running(settings) as said:
        before = state_of(said)
        with_an_alert(settings)
        the_card(said, shows="Nobody has it yet")
        after = state_of(said)

    assert before["workspace"]["channels"] == []
    assert before["channel"] == before["app"]["channel"]
    assert [person["id"] for person in before["people"]] == ["U0YOU"]
    assert [room["name"] for room in after["workspace"]["channels"]] == ["flights-alerts"]
    assert [person["id"] for person in after["people"]] == [ADA.id]


def test_a_channel_that_is_archived_stays_so_when_the_box_starts_again(tmp_path: Path) -> None:
    ports = connect(Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)}))
    apply_config(a_config(), Person.command_line(), ports)
    with LocalSlack(SECRET, TOKEN, now=Clock().now) as slack:
        Furnishing(slack, ports)
        slack.archive_channel(CHANNEL)

        again = Furnishing(slack, ports)

        assert slack.workspace.channels[CHANNEL].is_archived
        assert again.people == {ADA.id: "owner"}


def test_a_box_that_another_process_runs_says_no_word_of_a_desk(tmp_path: Path) -> None:
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)})
    said: list[str] = []

    with Running(settings), pytest.raises(AlreadyRunning, match="already runs the jobs"):
        run(settings, 0, said.append, threading.Event())

    assert said == []


def test_a_port_that_is_taken_is_named_with_what_to_do(tmp_path: Path) -> None:
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)})
    said: list[str] = []

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortNotFree, match=f"port {port}: another program .* Name another"):
            run(settings, port, said.append, threading.Event())

    assert said == []


def test_a_card_of_before_a_restart_is_still_there_and_its_button_works(tmp_path: Path) -> None:
    settings = Settings.read({"WATCHKEEPER_FOLDER": str(tmp_path)})
    ports = with_an_alert(settings)
    with Running(settings) as said:
        before = the_card(said, shows="Nobody has it yet")

    with Running(settings) as said:
        after = the_card(said, shows="Nobody has it yet")
        [block] = [block for block in after["blocks"] if block["type"] == "actions"]
        click = {"user": ADA.id, "channel": CHANNEL, "ts": after["ts"], "action_id": ACKNOWLEDGE}
        act(said, {"kind": "click_message", "block_id": block["block_id"], **click})
        redrawn = the_card(said, shows="has it")

    assert before == after
    assert redrawn["ts"] == before["ts"]
    stored = ports.records.get(Alert, an_alert().id)
    assert stored is not None
    assert stored.owner == ADA.id


def test_on_aws_there_is_nothing_to_run() -> None:
    settings = Settings.read(
        {
            "RECORDS_TABLE": "t",
            "OBJECTS_BUCKET": "b",
            "DELIVERY_QUEUE_URL": "https://q",
            "FUNCTION_PREFIX": "f",
            "FUNCTION_ARN_PREFIX": "arn:aws:lambda",
            "SCHEDULE_GROUP": "g",
            "SCHEDULER_ROLE_ARN": "arn:aws:iam",
            "SCHEDULER_DLQ_ARN": "arn:aws:sqs",
            "FAN_ARN": "arn:aws:states",
            "SECOND_ROUTE_TOPIC_ARN": "arn:aws:sns",
            "SECRETS_PARAMETER": "/s",
        }
    )

    with pytest.raises(WrongSettings, match="on AWS nothing is to be run"):
        run(settings, 0, print, threading.Event())


def with_an_alert(settings: Settings) -> Ports:
    ports = connect(settings)
    apply_config(a_config(), Person.command_line(), ports)
    raise_alert(an_alert(), ports)
    return ports


def the_card(said: str, *, shows: str) -> dict[str, Any]:
    """Look at the desk until its one message shows this."""
    url = said.removeprefix("The desk is at ")
    with urlopen(f"{url}events", timeout=SOON_S) as events:  # noqa: S310 - our own loopback address
        while True:
            with urlopen(f"{url}state") as state:  # noqa: S310 - as above
                messages: list[dict[str, Any]] = json.loads(state.read())["messages"]
            if messages and shows in str(messages[-1]["blocks"]):
                [card] = messages
                return card
            while not (line := events.readline()).startswith(b"event: changed"):
                assert not line.startswith(b": still here"), "nothing changed at the desk"


def state_of(said: str) -> dict[str, Any]:
    """Look at the desk once."""
    with urlopen(f"{said.removeprefix('The desk is at ')}state") as state:  # noqa: S310 - loopback
        found: dict[str, Any] = json.loads(state.read())
        return found


def act(said: str, deed: dict[str, Any]) -> None:
    """Do something at the desk, as its page would."""
    url = said.removeprefix("The desk is at ")
    own = {"Origin": url.rstrip("/")}
    request = Request(f"{url}act", json.dumps(deed).encode(), own)  # noqa: S310 - as above
    with urlopen(request, timeout=SOON_S) as answer:  # noqa: S310 - as above
        assert json.loads(answer.read()) == {}


def changes(slack: LocalSlack) -> threading.Event:
    event = threading.Event()
    slack.subscribe(event.set)
    return event


def until(drawn: threading.Event, holds: object) -> None:
    assert callable(holds)
    while not holds():
        assert drawn.wait(SOON_S), "nothing changed in the workspace"
        drawn.clear()
