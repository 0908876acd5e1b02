"""Schedules in a group of EventBridge Scheduler."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from core.adapters.aws_errors import translated
from core.adapters.due import first_due
from core.domain.job import Schedule

if TYPE_CHECKING:
    from mypy_boto3_scheduler import EventBridgeSchedulerClient

_RETRIES: Final = 2
_OLDEST_S: Final = 3600  # a start that could not be delivered for an hour is dead-lettered


@dataclass(frozen=True)
class ScheduleTarget:
    """What all schedules of a deployment have in common."""

    group: str
    function_arn_prefix: str
    role_arn: str
    dlq_arn: str


class AwsSchedules:
    """The schedules on AWS."""

    def __init__(
        self,
        client: "Callable[[], EventBridgeSchedulerClient]",
        target: ScheduleTarget,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._target = target
        self._now = now

    def put(self, schedule: Schedule) -> None:
        """See Schedules."""
        client, wanted = self._client(), self._wanted(schedule)
        with translated("EventBridge Scheduler"):
            try:
                client.create_schedule(**wanted)
            except client.exceptions.ConflictException:  # it is there: put this in its place
                client.update_schedule(**wanted)

    def remove(self, name: str) -> None:
        """See Schedules."""
        client = self._client()
        with translated("EventBridge Scheduler"):
            try:
                client.delete_schedule(Name=name, GroupName=self._target.group)
            except client.exceptions.ResourceNotFoundException:  # nothing to forget
                return

    def names(self, prefix: str) -> list[str]:
        """See Schedules."""
        asked: dict[str, Any] = {"GroupName": self._target.group}
        if prefix:  # Scheduler takes no empty one
            asked["NamePrefix"] = prefix
        with translated("EventBridge Scheduler"):
            pages = self._client().get_paginator("list_schedules").paginate(**asked)
            return sorted(found["Name"] for page in pages for found in page["Schedules"])

    def _wanted(self, schedule: Schedule) -> dict[str, Any]:
        minutes = schedule.every_minutes
        return {
            "Name": schedule.name,
            "GroupName": self._target.group,
            "ScheduleExpression": f"rate({minutes} {'minute' if minutes == 1 else 'minutes'})",
            # Scheduler refuses a start that lies more than five minutes in the past.
            "StartDate": first_due(schedule, self._now()).astimezone(UTC),
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": f"{self._target.function_arn_prefix}-{schedule.function}",
                "RoleArn": self._target.role_arn,
                "Input": json.dumps(schedule.event),
                "RetryPolicy": {
                    "MaximumRetryAttempts": _RETRIES,
                    "MaximumEventAgeInSeconds": _OLDEST_S,
                },
                "DeadLetterConfig": {"Arn": self._target.dlq_arn},
            },
        }
