"""The local Slack: what tests and the desk use; it puts the parts together and decides nothing."""

import time
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Self

from infra.local.slack.archive import Archive
from infra.local.slack.carrier import Carrier, Trouble
from infra.local.slack.clicks import Clicks
from infra.local.slack.faults import Faults
from infra.local.slack.records import Message, NotOnScreen, Rejection
from infra.local.slack.server import SlackServer
from infra.local.slack.signing import Answer, Deliver, SignedRequest, http_delivery, sign
from infra.local.slack.socket_mode import SocketMode
from infra.local.slack.submissions import Submissions
from infra.local.slack.visits import Visits
from infra.local.slack.web_api import WebApi
from infra.local.slack.workspace import Workspace

__all__ = [
    "Answer",
    "Deliver",
    "LocalSlack",
    "Message",
    "NotOnScreen",
    "Rejection",
    "SignedRequest",
    "Trouble",
    "http_delivery",
    "sign",
]


class LocalSlack:
    """A workspace on this machine that talks to a real WebClient and to a real app.

    Args:
        signing_secret: signs what is sent to the app.
        bot_token: the one token that the Web API accepts.
        now: dates messages and counts rate limits.
        elapsed: seconds on a clock that never goes back; ages trigger ids and response urls.
        port: where to listen; 0 means wherever it is free.
        app_token: the one token that Socket Mode accepts.
        archive: remembers what people saw; None means that it ends with this process.
    """

    def __init__(  # noqa: PLR0913 - as many things to be told apart
        self,
        signing_secret: str,
        bot_token: str,
        now: Callable[[], datetime],
        elapsed: Callable[[], float] = time.monotonic,
        *,
        port: int = 0,
        app_token: str = "xapp-local",  # noqa: S107 - opens nothing but this
        archive: Archive | None = None,
    ) -> None:
        self.workspace = workspace = Workspace(now, elapsed, archive)
        self.faults = Faults()
        self.sockets = SocketMode()
        self.api = WebApi(workspace, bot_token, self.faults)
        self.api.add_method("apps.connections.open", self.sockets.open_connection, app_token)
        self.carrier = carrier = Carrier(signing_secret, elapsed, self.sockets)
        self.signing_secret = signing_secret
        self._server = SlackServer(self.api, self.sockets, workspace, port)
        workspace.address = self._server.address

        self.connect = carrier.connect
        self.post = carrier.post
        self.calls = self.api.calls

        self.add_user = workspace.add_user
        self.add_channel = workspace.add_channel
        self.add_group = workspace.add_group
        self.archive_channel = workspace.archive_channel
        self.rename_channel = workspace.rename_channel
        self.remove_channel = workspace.remove_channel
        self.remove_bot = workspace.remove_bot
        self.invite_bot = workspace.invite_bot
        self.delete_message = workspace.delete_message
        self.pin = workspace.pin
        self.say = workspace.say

        self.subscribe = workspace.subscribe
        self.messages = workspace.messages
        self.thread = workspace.thread
        self.whispers = workspace.whispers
        self.view_of = workspace.view_of
        self.view_errors = workspace.views.errors_of
        self.home_of = workspace.home_of

        clicks = Clicks(workspace, carrier)
        self.click = clicks.click
        self.click_in_view = clicks.click_in_view
        self.click_in_home = clicks.click_in_home
        self.shortcut = clicks.shortcut

        submissions = Submissions(workspace, carrier)
        self.fill = submissions.fill
        self.submit = submissions.submit
        self.close_view = submissions.close_view

        visits = Visits(workspace, carrier)
        self.command = visits.command
        self.open_home = visits.open_home
        self.send_event = visits.send_event
        self.repeat_last_event = visits.repeat_last_event

    @property
    def api_url(self) -> str:
        """Where a WebClient finds the Web API."""
        return f"{self.workspace.address}/api/"

    @property
    def rejections(self) -> list[Rejection]:
        """Every malformed payload so far; a healthy app leaves this empty."""
        return self.workspace.rejections

    @property
    def troubles(self) -> list[Trouble]:
        """Every time that a person saw an error or waited over three seconds."""
        return self.carrier.troubles

    @property
    def sent(self) -> list[SignedRequest]:
        """Every request made to the app, to be posted again by a test of replays."""
        return self.carrier.sent

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.stop()
