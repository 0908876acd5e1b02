import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from moto import mock_aws

from core import wiring
from core.adapters.dynamodb.records import DynamoRecords
from core.adapters.sqlite.records import SqliteRecords
from core.config import Settings
from core.ports import Ports, new
from core.wiring import connect, connect_slack, connected, ports, use, wall_clock
from tests.adapters.places import REGION, a_client
from tests.builders import NOON, an_alert
from tests.environments import AWS


@pytest.fixture(autouse=True)
def _unconnected(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test begins connected to nothing, on a machine where no place is set."""
    for name in ("WATCHKEEPER_FOLDER", *AWS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(wiring._Current, "connected", None)  # noqa: SLF001 - to begin anew
    wiring._aws_clients.cache_clear()  # noqa: SLF001 - to begin anew
    yield
    use(None)


def one_box(folder: Path) -> Settings:
    return Settings.read({"WATCHKEEPER_FOLDER": str(folder / "new")})


def vendors_loaded(program: str, environment: dict[str, str]) -> set[str]:
    loaded = subprocess.run(
        [sys.executable, "-c", f"{program}; import sys; print(*sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    return {"boto3", "botocore", "sqlite3"} & set(loaded.stdout.split())


def test_one_box_loads_nothing_of_aws(tmp_path: Path) -> None:
    program = "from core.wiring import ports; ports()"

    assert vendors_loaded(program, {"WATCHKEEPER_FOLDER": str(tmp_path)}) == {"sqlite3"}


ON_AWS = """
from core import wiring
from core.config import Secrets, Settings
known = Secrets(slack_bot_token="x", slack_signing_secret="x", artefact_key="x" * 32)
place = Settings.from_environment().place
wiring._on_aws(place, known, None, wiring.Time(wiring.wall_clock, None))
"""


def test_aws_loads_nothing_of_one_box() -> None:
    loaded = vendors_loaded(f"exec({ON_AWS!r})", AWS)

    assert loaded == {"botocore"}


def test_on_one_box_all_is_kept_in_its_folder(tmp_path: Path) -> None:
    ports = connect(one_box(tmp_path))

    assert isinstance(ports.records, SqliteRecords)
    assert all(getattr(ports, field.name) is not None for field in fields(Ports))
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0
    assert (tmp_path / "new/watchkeeper.sqlite").exists()


def test_nothing_in_its_folder_can_be_read_by_others_whatever_the_folder_allows(
    tmp_path: Path,
) -> None:
    (tmp_path / "new").mkdir(mode=0o755)
    before = os.umask(0)
    try:
        ports = connect(one_box(tmp_path))
        ports.records.commit(new(an_alert()))
        ports.objects.put("models/a/model.skops", b"bytes")
        ports.second_route.tell("Slack is down", "2 alerts wait.")
    finally:
        os.umask(before)

    kept = [path for path in (tmp_path / "new").rglob("*") if path.stat().st_mode & 0o077]

    assert kept == []
    assert (tmp_path / "new/secrets/artefact_key").exists()


def test_artefacts_sealed_before_a_restart_are_known_after_it(tmp_path: Path) -> None:
    seal = connect(one_box(tmp_path)).signer.sign(b"model")

    assert connect(one_box(tmp_path)).signer.verify(b"model", seal)


@pytest.fixture
def _on_aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with mock_aws():
        for name, value in AWS.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        known = {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", "artefact_key": "k" * 32}
        a_client("ssm").put_parameter(
            Name=AWS["SECRETS_PARAMETER"], Value=json.dumps(known), Type="SecureString"
        )
        yield


@pytest.mark.usefixtures("_on_aws")
def test_on_aws_the_ports_are_those_of_the_environment() -> None:
    here = ports()

    assert isinstance(here.records, DynamoRecords)
    assert ports() is here
    assert connected().ports is here
    assert connected().client.token == "xoxb-1"  # noqa: S105 - opens nothing
    assert connected().signing_secret == "s"  # noqa: S105 - opens nothing


def test_ports_that_were_handed_over_are_taken(tmp_path: Path) -> None:
    mine = connect(one_box(tmp_path))

    use(mine)

    assert ports() is mine


def test_a_clock_that_was_brought_is_the_one_that_is_read(tmp_path: Path) -> None:
    slept: list[float] = []

    ports = connect(one_box(tmp_path), clock=lambda: NOON, sleep=slept.append)
    ports.sleep(3)

    assert ports.now() == NOON
    assert slept == [3]


def test_slack_is_asked_once_where_the_settings_say(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "WATCHKEEPER_FOLDER": str(tmp_path),
            "SLACK_API_URL": "http://127.0.0.1:8350/api/",
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "hush",
        }
    )

    slack = connect_slack(settings)

    assert slack.client.base_url == "http://127.0.0.1:8350/api/"
    assert slack.client.token == "xoxb-1"  # noqa: S105 - opens nothing
    assert slack.client.retry_handlers == []
    assert slack.signing_secret == "hush"  # noqa: S105 - opens nothing
    assert "hush" not in repr(slack)


def test_the_wall_clock_is_in_utc_and_goes_forward() -> None:
    first, second = wall_clock(), wall_clock()

    assert first.tzinfo is UTC
    assert timedelta(0) <= second - first < timedelta(minutes=1)
