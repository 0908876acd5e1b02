"""Work for a scheduled door, and when it recurs."""

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from core.domain.base import Value
from core.domain.ids import fact_id

Function = Literal[
    "check_partition",
    "profile_object",
    "score",
    "score_request",
    "shadow",
    "join_labels",
    "retrain",
    "deliver",
    "sweep",
    "refresh_people",
]


class Job(Value):
    """One asynchronous call of a function, retried and then dead-lettered if it keeps failing.

    Jobs of one `group` run one after the other, in order; a job whose `id` was seen before is not
    started again while that one waits.
    """

    function: Function
    event: dict[str, Any]
    group: str | None = None
    id: str

    @classmethod
    def deliver(cls, channel: str, cause: str) -> "Job":
        """Wake the delivery to one Slack channel; `cause` is what is to be told."""
        return cls(
            function="deliver",
            event={"channel": channel},
            group=channel,
            id=fact_id("job", "deliver", channel, cause),
        )

    @classmethod
    def check_partition(cls, model: str, partition: str, cause: str) -> "Job":
        """Check a partition; `cause` is why now."""
        return cls(
            function="check_partition",
            event={"model": model, "partition": partition},
            id=fact_id("job", "check", model, partition, cause),
        )

    @classmethod
    def retrain(cls, model: str, reason: str, asked_by: str, cause: str) -> "Job":
        """Train a model; `reason` is told on the version's card, `cause` is why now."""
        return cls(
            function="retrain",
            event={"model": model, "reason": reason, "asked_by": asked_by},
            id=fact_id("job", "retrain", model, cause),
        )

    @classmethod
    def evaluate(cls, model: str, version: str, asked_by: str, cause: str) -> "Job":
        """Judge a version once more, which the function does that trains it; `cause` is why now."""
        return cls(
            function="retrain",
            event={
                "model": model,
                "reason": "the champion changed",
                "asked_by": asked_by,
                "evaluate": version,
            },
            id=fact_id("job", "evaluate", model, version, cause),
        )

    @classmethod
    def refresh_people(cls, cause: str) -> "Job":
        """Ask Slack who is in the groups that configs name; `cause` is why now."""
        return cls(function="refresh_people", event={}, id=fact_id("job", "people", cause))

    @classmethod
    def of_partition(cls, function: Function, model: str, partition: str, at: datetime) -> "Job":
        """Look at one partition of one model again; within a minute that is one job."""
        return cls(
            function=function,
            event={"model": model, "partition": partition},
            id=fact_id("job", function, model, partition, f"{at:%Y-%m-%dT%H:%M}"),
        )


class Schedule(Value):
    """A job that recurs every so many minutes from a first time on."""

    name: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    function: Function
    event: dict[str, Any]
    first_at: AwareDatetime
    every_minutes: int = Field(ge=1)

    def due_after(self, last: datetime) -> datetime:
        """Say when it runs next after `last`."""
        period_s = self.every_minutes * 60
        if last < self.first_at:
            return self.first_at
        rounds = int((last - self.first_at).total_seconds() // period_s) + 1
        return datetime.fromtimestamp(
            self.first_at.timestamp() + rounds * period_s, tz=self.first_at.tzinfo
        )
