"""The demo's stage: one box in a folder of its own, a clock of 2013, and the local Slack."""

from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from bot.app import build_app
from core.config import OneBoxSettings, Settings
from core.domain.person import Person
from core.wiring import connect_slack, use
from infra.local.front_door import front_door
from infra.local.one_box import OneBox, Ran
from infra.local.replay_clock import ReplayClock
from infra.local.slack.local_slack import LocalSlack

ADA, GRACE, KATHERINE = Person(id="U0ADA"), Person(id="U0GRACE"), Person(id="U0KATHERINE")
NAMES: Final = {ADA.id: "Ada", GRACE.id: "Grace", KATHERINE.id: "Katherine"}
ROLES: Final = {ADA.id: "approver", GRACE.id: "responder", KATHERINE.id: "approver"}
CHANNEL: Final = "C0MLALERTS"

_SIGNING_SECRET: Final = "the demo's own"  # noqa: S105 - both ends of it are in this process
_BOT_TOKEN: Final = "xoxb-demo"  # noqa: S105 - the local Slack's


class Stage:
    """Everything that the story needs, running; what is real on one box is real here."""

    def __init__(self, folder: Path, start: datetime) -> None:
        self.clock = ReplayClock(start)
        self.slack = LocalSlack(_SIGNING_SECRET, _BOT_TOKEN, now=self.clock.now)
        self._folder = folder
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self.slack)
        self._people()
        settings = Settings.read(
            {
                "WATCHKEEPER_FOLDER": str(self._folder),
                "SLACK_API_URL": self.slack.api_url,
                "SLACK_BOT_TOKEN": _BOT_TOKEN,
                "SLACK_SIGNING_SECRET": _SIGNING_SECRET,
            }
        )
        connected = connect_slack(settings, clock=self.clock.now, sleep=self.clock.sleep)
        self.ports = connected.ports
        use(self.ports)
        self._open.callback(use, None)
        app = build_app(self.ports, connected.client, connected.signing_secret)
        self.slack.connect(front_door(app))
        assert isinstance(settings.place, OneBoxSettings)  # noqa: S101 - the folder says so
        self._box = self._open.enter_context(OneBox(settings.place, self.ports))
        return self

    def __exit__(self, *_raised: object) -> None:
        self._open.close()

    def step(self) -> list[Ran]:
        """Let the box do everything that is due by now.

        Raises:
            JobFailed: one of the functions failed; in the story none may.
        """
        ran = self._box.step(self.clock.now())
        for job in ran:
            if job.failure is not None:
                raise JobFailed(job)
        return ran

    def _people(self) -> None:
        for person, name in NAMES.items():
            self.slack.add_user(person, name, handle=name.lower())
        self.slack.add_group("S0APPROVERS", "ml-approvers", [ADA.id, KATHERINE.id])
        self.slack.add_channel(CHANNEL, "ml-alerts")


class JobFailed(Exception):
    """A function of the demo failed."""

    def __init__(self, ran: Ran) -> None:
        super().__init__(f"{ran.job.function} failed: {ran.failure}")
