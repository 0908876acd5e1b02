"""Jobs on AWS: asynchronous calls of functions, and a queue that is serial for each group."""

import json
from typing import TYPE_CHECKING

from core.adapters.aws_errors import translated
from core.domain.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient


class AwsJobs:
    """Starts functions; AWS retries and dead-letters them."""

    def __init__(
        self,
        *,
        functions: "Callable[[], LambdaClient]",
        sqs: "Callable[[], SQSClient]",
        function_prefix: str,
        delivery_queue_url: str,
    ) -> None:
        self._functions = functions
        self._sqs = sqs
        self._function_prefix = function_prefix
        self._delivery_queue_url = delivery_queue_url

    def start(self, job: Job) -> None:
        """See Jobs."""
        if job.group is None:
            self._call(job)
        elif job.function == "deliver":
            self._queue(job, job.group)
        else:
            raise ValueError(f"only deliveries have a queue by group, not {job.function}")

    def _call(self, job: Job) -> None:
        with translated("Lambda"):
            self._functions().invoke(
                FunctionName=f"{self._function_prefix}-{job.function}",
                InvocationType="Event",
                Payload=json.dumps(job.event).encode(),
            )

    def _queue(self, job: Job, group: str) -> None:
        with translated("SQS"):
            self._sqs().send_message(
                QueueUrl=self._delivery_queue_url,
                MessageBody=json.dumps(job.event),
                MessageGroupId=group,
                MessageDeduplicationId=job.id,
            )
