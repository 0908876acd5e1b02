"""Work on many things on AWS: a state machine calls a function for each, then asks again."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from core.adapters.aws_errors import code_of, translated
from core.domain.job import Job
from core.ports import Objects, V


class StepFunctions:
    """Starts the state machine of `infra/aws/fan.yml`, which knows what function does the work."""

    def __init__(
        self,
        client: Callable[[], Any],
        objects: Objects,
        machine_arn: str,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._objects = objects
        self._machine_arn = machine_arn
        self._now = now

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:  # noqa: ARG002 - the machine knows it
        """See Fan.

        Whoever asks within one minute asks once: a hundred objects that land together are as many
        events. The machine waits for a minute before it reads the list of the last who asked, so
        that it still runs when the minute ends, and whatever that list lacks is found by `again`.
        """
        name = f"{again.id}-{self._now():%Y%m%dT%H%M}"
        manifest = f"profiles/fans/{name}.json"  # a state machine takes no more than 256 KiB
        listed = [thing.model_dump(mode="json") for thing in things]
        self._objects.put(manifest, json.dumps(listed).encode())
        with translated("Step Functions"):
            self._start(name, {"manifest": manifest, "again": again.event})
        return False

    def _start(self, name: str, said: dict[str, Any]) -> None:
        try:
            self._client().start_execution(
                stateMachineArn=self._machine_arn, name=name, input=json.dumps(said)
            )
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise
