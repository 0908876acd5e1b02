"""`watchkeeper run`: one box, for as long as it is wanted; with a real workspace or the desk."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final

import yaml
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.app import build_app
from core.adapters.sqlite.database import Database
from core.config import OneBoxSettings, Settings, WrongSettings
from core.domain.job import Function
from core.domain.model_config import InForce
from core.wiring import Connected, connect_slack, read_secrets, use, wall_clock
from infra.local.desk.desk import Desk
from infra.local.desk.furnishing import Furnishing
from infra.local.front_door import front_door
from infra.local.function_call import Handler, imported_handler
from infra.local.one_box import OneBox
from infra.local.readable_log import ReadableLog
from infra.local.slack.local_slack import LocalSlack
from infra.local.workspace_archive import SqliteArchive

MANIFEST: Final = Path(__file__).parents[1] / "slack-manifest.yml"
_NO_MODEL: Final = (
    "No model is in force yet: put one in force with `watchkeeper apply` in another terminal, and "
    "its channel opens here by itself."
)

Say = Callable[[str], None]


def run(settings: Settings, port: int, say: Say, stop: threading.Event) -> None:
    """Run schedules and jobs, and answer people, until told to stop.

    Args:
        settings: those of one box; with a token of the Slack app for Socket Mode it talks to that
            workspace, without one it opens the desk.
        port: where the desk listens.
        say: tells whoever started it what they need to know.
        stop: set when it is to end; whatever it does then is finished first.

    Raises:
        WrongSettings: these are the settings of another place.
        AlreadyRunning: another process runs this box.
        PortNotFree: the desk cannot listen there.
    """
    place = settings.place
    if not isinstance(place, OneBoxSettings):
        raise WrongSettings("give WATCHKEEPER_FOLDER: on AWS nothing is to be run")
    with ExitStack() as opened:
        if place.slack_app_token:
            connected, furnishing = connect_slack(settings), None
            door = _socket(connected, place.slack_app_token, say)
        else:
            local = opened.enter_context(_local_slack(settings, place))
            connected = connect_slack(settings.model_copy(update={"slack_api_url": local.api_url}))
            furnishing = Furnishing(local, connected.ports)
            door = _desk(local, connected, furnishing, port, say)
        log = opened.enter_context(ReadableLog(place.log_file, sys.stdout))
        handler_of = _told_in(log, furnishing)
        box = opened.enter_context(OneBox(place, connected.ports, handler_of))
        opened.enter_context(door)
        say(f"What happens is told here, and in full in {place.log_file}; Ctrl-C ends it.")
        use(connected.ports)
        box.run_forever(stop)


def stop_on_signals() -> threading.Event:
    """Return an event that is set by Ctrl-C and by the service manager."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _told_in(log: ReadableLog, furnishing: Furnishing | None) -> Callable[[Function], Handler]:
    """Load a function, and let the log follow what it says.

    Before it is called the desk has what configs name by now: to put one in force starts a job.
    """

    def handler_of(function: Function) -> Handler:
        if furnishing is not None:
            furnishing.again()
        handler = imported_handler(function)
        log.follow()
        return handler

    return handler_of


@contextmanager
def _socket(connected: Connected, token: SecretStr, say: Say) -> Iterator[None]:
    """Talk to a real workspace through a socket that we open: nobody has to reach this machine."""
    app = build_app(connected.ports, connected.client, connected.signing_secret)
    socket = SocketModeHandler(app, token.get_secret_value(), web_client=connected.client)
    socket.client.connect()
    say("Connected to the Slack workspace over Socket Mode.")
    try:
        yield
    finally:
        socket.client.close()


@contextmanager
def _local_slack(settings: Settings, place: OneBoxSettings) -> Iterator[LocalSlack]:
    """Open the local Slack with what was said there."""
    known = read_secrets(settings)
    with (
        closing(Database(place.database_file)) as database,
        LocalSlack(
            known.slack_signing_secret.get_secret_value(),
            known.slack_bot_token.get_secret_value(),
            now=wall_clock,
            archive=SqliteArchive(database),
        ) as slack,
    ):
        yield slack


@contextmanager
def _desk(
    slack: LocalSlack, connected: Connected, furnishing: Furnishing, port: int, say: Say
) -> Iterator[None]:
    """Open the desk with the people and channels that the configs in force name."""
    app = build_app(connected.ports, connected.client, connected.signing_secret)
    slack.connect(front_door(app))
    manifest = yaml.safe_load(MANIFEST.read_text())
    with Desk(slack, manifest=manifest, people=furnishing.people, port=port) as desk:
        say(f"The desk is at {desk.url}")
        if not connected.ports.records.query(InForce, "models", limit=1):
            say(_NO_MODEL)
        yield
