from pathlib import Path

import pytest

from core.config import AwsSettings, OneBoxSettings, Settings, WrongSettings
from tests.environments import AWS, ONE_BOX


def test_a_folder_means_one_box() -> None:
    settings = Settings.read(ONE_BOX)

    assert isinstance(settings.place, OneBoxSettings)
    assert settings.place.watchkeeper_folder == Path("/var/lib/watchkeeper")
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.code_ref == "unknown"


def test_everything_of_one_box_is_below_its_folder() -> None:
    place = OneBoxSettings.model_validate(ONE_BOX)

    files = (
        place.objects_folder,
        place.database_file,
        place.secrets_folder,
        place.second_route_file,
        place.lock_file,
    )
    assert {file.parent for file in files} == {place.watchkeeper_folder}
    assert len(set(files)) == len(files)


def test_a_table_and_all_else_means_aws() -> None:
    settings = Settings.read(AWS | {"CODE_REF": "3fa2", "SLACK_API_URL": "http://127.0.0.1:1/api/"})

    assert isinstance(settings.place, AwsSettings)
    assert settings.place.records_table == "watchkeeper-dev-records"
    assert settings.code_ref == "3fa2"
    assert settings.slack_api_url == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize("name", AWS)
def test_each_setting_that_is_missing_on_aws_is_named(name: str) -> None:
    rest = {other: value for other, value in AWS.items() if other != name}

    with pytest.raises(WrongSettings) as wrong:
        Settings.read(rest)

    assert str(wrong.value) == f"The settings are wrong: {name} is missing."


def test_all_faults_are_told_at_once_and_none_of_the_values() -> None:
    with pytest.raises(WrongSettings) as wrong:
        Settings.read(AWS | {"DELIVERY_QUEUE_URL": "hush-hush", "SCHEDULER_ROLE_ARN": "top-secret"})

    assert [fault.split(":")[0] for fault in wrong.value.faults] == [
        "DELIVERY_QUEUE_URL",
        "SCHEDULER_ROLE_ARN",
    ]
    assert "hush" not in str(wrong.value)
    assert "secret" not in str(wrong.value)


def test_both_places_at_once_are_refused() -> None:
    with pytest.raises(WrongSettings, match="WATCHKEEPER_FOLDER means one box, but RECORDS_TABLE"):
        Settings.read(ONE_BOX | AWS)


@pytest.mark.parametrize("environment", [{}, {"PATH": "/bin"}, {"WATCHKEEPER_FOLDER": ""}])
def test_no_place_at_all_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(WrongSettings, match="`export WATCHKEEPER_FOLDER=~/watch`"):
        Settings.read(environment)


def test_an_odd_address_of_slack_is_refused() -> None:
    with pytest.raises(WrongSettings, match="SLACK_API_URL: "):
        Settings.read(ONE_BOX | {"SLACK_API_URL": "slack.com"})


def test_what_is_empty_counts_as_not_given() -> None:
    settings = Settings.read(ONE_BOX | {"SLACK_BOT_TOKEN": "", "RECORDS_TABLE": ""})

    assert isinstance(settings.place, OneBoxSettings)
    assert settings.place.slack_bot_token is None


def test_secrets_do_not_print() -> None:
    settings = Settings.read(ONE_BOX | {"SLACK_BOT_TOKEN": "xoxb-hush"})

    assert "hush" not in f"{settings!r} {settings}"
    assert "hush" not in settings.model_dump_json()


def test_the_environment_of_the_process_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in AWS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WATCHKEEPER_FOLDER", "/srv/box")

    place = Settings.from_environment().place

    assert isinstance(place, OneBoxSettings)
    assert place.watchkeeper_folder == Path("/srv/box")
