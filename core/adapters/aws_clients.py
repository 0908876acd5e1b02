"""The clients of AWS, each made when it is first asked for: a cold start pays for what it uses."""

import threading
from typing import TYPE_CHECKING, Any, Final

import botocore.session
from botocore.config import Config

from core.adapters.aws_errors import translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient

_PATIENCE: Final = Config(
    connect_timeout=1,
    read_timeout=5,  # between two packets, not for a whole object
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=20,
)


class AwsClients:
    """Makes each client once."""

    def __init__(self) -> None:
        self._session: Any = (
            botocore.session.get_session()
        )  # boto3 adds resources and transfers, unused here
        self._made: dict[str, Any] = {}
        self._making = threading.Lock()  # two threads may not make clients of one session at once

    def dynamodb(self) -> "DynamoDBClient":
        """Records."""
        client: DynamoDBClient = self._client("dynamodb")
        return client

    def s3(self) -> "S3Client":
        """Objects."""
        client: S3Client = self._client("s3")
        return client

    def functions(self) -> "LambdaClient":
        """Jobs that run at once."""
        client: LambdaClient = self._client("lambda")
        return client

    def sqs(self) -> "SQSClient":
        """Jobs that run one after the other."""
        client: SQSClient = self._client("sqs")
        return client

    def scheduler(self) -> "EventBridgeSchedulerClient":
        """Schedules."""
        client: EventBridgeSchedulerClient = self._client("scheduler")
        return client

    def states(self) -> Any:  # noqa: ANN401 - its stubs are not installed; one call in one place
        """Return the client of the state machine."""
        return self._client("stepfunctions")

    def sns(self) -> Any:  # noqa: ANN401 - its stubs are not installed; one call in one place
        """Return the client of the second route."""
        return self._client("sns")

    def ssm(self) -> Any:  # noqa: ANN401 - its stubs are not installed; one call in one place
        """Return the client of the secrets."""
        return self._client("ssm")

    def _client(self, service: str) -> Any:  # noqa: ANN401 - each caller says which it is
        with self._making:
            if service not in self._made:
                with translated("AWS"):  # no such profile, no region
                    made = self._session.create_client(service, config=_PATIENCE)
                self._made[service] = made
            return self._made[service]
