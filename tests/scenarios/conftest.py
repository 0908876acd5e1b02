from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build_app
from core.config import Settings
from core.wiring import connect_slack
from infra.local.front_door import front_door
from infra.local.slack.local_slack import LocalSlack
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_config
from tests.scenarios.scene import Clock, Scene

SECRET, TOKEN = "a signing secret", "xoxb-local"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """One box in a new folder, connected to a local Slack with two people and one channel."""
    clock = Clock()
    with LocalSlack(SECRET, TOKEN, now=clock.now) as slack:
        slack.add_user(ADA.id, "Ada", handle="ada")
        slack.add_user(GRACE.id, "Grace", handle="grace")
        slack.add_group(APPROVERS, "ml-approvers", [ADA.id])
        slack.add_channel(CHANNEL, "ml-alerts")
        settings = Settings.read(
            {
                "WATCHKEEPER_FOLDER": str(tmp_path),
                "SLACK_API_URL": slack.api_url,
                "SLACK_BOT_TOKEN": TOKEN,
                "SLACK_SIGNING_SECRET": SECRET,
            }
        )
        connected = connect_slack(settings, clock=clock.now, sleep=clock.sleep)
        app = build_app(connected.ports, connected.client, connected.signing_secret)
        slack.connect(front_door(app))
        scene = Scene(connected.ports, slack, app, tmp_path)
        scene.applied(a_config())
        yield scene
        assert slack.rejections == []
