"""What a deployment must say about itself: the environment, checked once, and its secrets."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from core.domain.errors import OpsError

Arn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:")]
Url = Annotated[str, Field(pattern=r"^https?://")]
SsmName = Annotated[str, Field(pattern=r"^/?[A-Za-z0-9_./-]+$")]


class WrongSettings(OpsError):
    """The environment or a secret is missing or wrong; its text never holds a value."""

    def __init__(self, *faults: str) -> None:
        super().__init__(f"The settings are wrong: {'; '.join(faults)}.")
        self.faults = faults

    @classmethod
    def of(cls, error: ValidationError) -> Self:
        """Say of each setting what is wrong with it."""
        return cls(*(_sentence(dict(fault)) for fault in error.errors()))


def _sentence(fault: dict[str, Any]) -> str:
    name = ".".join(str(part) for part in fault["loc"]) or "as a whole"
    return f"{name} is missing" if fault["type"] == "missing" else f"{name}: {fault['msg']}"


def _env_name(field: str) -> str:
    return field.upper()


class _FromEnvironment(BaseModel):
    """Settings whose names in the environment are those of the fields, in capitals."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=_env_name,
        defer_build=True,  # a cold start pays only for the settings of its own place
    )


class OneBoxSettings(_FromEnvironment):
    """All on one machine: SQLite, and folders."""

    watchkeeper_folder: Path
    """Where everything is kept."""
    slack_bot_token: SecretStr | None = None
    """Of the Slack app; `None`: made at random, which is good for the desk only."""
    slack_signing_secret: SecretStr | None = None
    """Of the Slack app; `None`: made at random, which is good for the desk and Socket Mode."""
    slack_app_token: SecretStr | None = None
    """Opens Socket Mode; `None` without it."""

    @property
    def objects_folder(self) -> Path:
        """Where partitions land and artefacts are kept."""
        return self.watchkeeper_folder / "objects"

    @property
    def database_file(self) -> Path:
        """Records, jobs and schedules."""
        return self.watchkeeper_folder / "watchkeeper.sqlite"

    @property
    def secrets_folder(self) -> Path:
        """One file for each secret, readable by its owner only."""
        return self.watchkeeper_folder / "secrets"

    @property
    def second_route_file(self) -> Path:
        """What could not be told to Slack, one JSON object a line."""
        return self.watchkeeper_folder / "second_route.jsonl"

    @property
    def log_file(self) -> Path:
        """What the functions say of what they do, one JSON object a line."""
        return self.watchkeeper_folder / "log.jsonl"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that runs jobs."""
        return self.watchkeeper_folder / "one_box.lock"


class AwsSettings(_FromEnvironment):
    """What `serverless.yml` tells each function."""

    records_table: str
    objects_bucket: str
    delivery_queue_url: Url
    function_prefix: str
    """A function's name is this, a dash, and what it does: `watchkeeper-dev-score`."""
    function_arn_prefix: Arn
    """A function's ARN is this, a dash, and what it does."""
    schedule_group: str
    scheduler_role_arn: Arn
    scheduler_dlq_arn: Arn
    fan_arn: Arn
    """The state machine that profiles the objects of large partitions."""
    second_route_topic_arn: Arn
    secrets_parameter: SsmName
    """The SSM parameter, a SecureString, that holds `Secrets` as JSON."""


class Secrets(BaseModel):
    """What nobody may see."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    slack_bot_token: SecretStr = Field(min_length=1)
    slack_signing_secret: SecretStr = Field(min_length=1)
    artefact_key: SecretStr = Field(min_length=32)
    """Seals model artefacts."""
    slack_app_token: SecretStr | None = None
    """Opens Socket Mode; `None` on AWS, where Slack calls us."""


class Settings(_FromEnvironment):
    """The settings of this process."""

    slack_api_url: Url = "https://slack.com/api/"
    code_ref: str = "unknown"
    """The commit that is deployed."""
    place: OneBoxSettings | AwsSettings = Field(alias="place")

    @classmethod
    def from_environment(cls) -> Self:
        """Read and check the environment of this process.

        Raises:
            WrongSettings: something is missing or odd.
        """
        return cls.read(os.environ)  # noqa: TID251 - the only reader

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> Self:
        """Check the settings in a mapping; what is empty counts as not given.

        Raises:
            WrongSettings: something is missing or odd.
        """
        given = {name: value for name, value in environment.items() if value}
        kind = _kind_of_place(given)
        try:
            return cls.model_validate({**given, "place": kind.model_validate(given)})
        except ValidationError as error:
            raise WrongSettings.of(error) from None  # the cause would print the values


_ONE_BOX: Final = "WATCHKEEPER_FOLDER"
_NOWHERE: Final = (
    "nothing says where all is kept. On one box, name a folder: `export "
    f'{_ONE_BOX}=~/watch`. For AWS: `eval "$(python -m infra.aws.environment dev)"`'
)
_AWS: Final = tuple(_env_name(field) for field in AwsSettings.model_fields)


def _kind_of_place(given: Mapping[str, str]) -> type[OneBoxSettings | AwsSettings]:
    aws = [name for name in _AWS if name in given]
    if _ONE_BOX in given and aws:
        raise WrongSettings(f"{_ONE_BOX} means one box, but {aws[0]} means AWS; give one of them")
    if _ONE_BOX not in given and not aws:
        raise WrongSettings(_NOWHERE)
    return OneBoxSettings if _ONE_BOX in given else AwsSettings
