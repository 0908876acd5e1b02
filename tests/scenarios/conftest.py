from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build_app
from core import wiring
from core.config import Settings
from core.wiring import connect_slack, use
from infra.local.front_door import front_door
from infra.local.slack.local_slack import LocalSlack
from tests.builders import ADA, APPROVERS, CHANNEL, GRACE, a_config
from tests.checked_model import learn
from tests.scenarios.laid_out import labels_of, put
from tests.scenarios.scene import Clock, Scene
from tests.watched_model import WatchedModel, day, parquet_of, some_flights

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


@pytest.fixture
def handed_over(scene: Scene) -> None:
    """Whatever asks the wiring for ports gets those of the scene: commands, handlers, Python."""
    use(scene.ports)


@pytest.fixture(autouse=True)
def handed_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No story finds the ports of the one before it, nor what that one was connected to."""
    monkeypatch.setattr(wiring._Current, "connected", None)  # noqa: SLF001 - to begin anew
    yield
    use(None)


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model of which nothing has landed and nothing is learned."""
    return WatchedModel(tmp_path)


@pytest.fixture
def known(watched: WatchedModel) -> WatchedModel:
    """A model whose first days are learned."""
    learn(watched)
    return watched


@pytest.fixture
def few_flights(tmp_path: Path) -> Path:
    """A folder of four days of flights and their labels, as somebody has it."""
    for ahead in range(4):
        put(tmp_path / "trips/features", day(ahead), parquet_of(some_flights(day(ahead))))
        put(tmp_path / "trips/labels", day(ahead), labels_of(day(ahead)))
    return tmp_path / "trips"
