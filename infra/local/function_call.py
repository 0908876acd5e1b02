"""How a job calls its function on one box: with the event that AWS would hand to it."""

import json
from collections.abc import Callable
from importlib import import_module
from typing import Any

from aws_lambda_powertools import Logger

from core.domain.errors import OpsError
from core.domain.job import Function, Job
from infra.local.front_door import CallContext

Handler = Callable[[dict[str, Any], Any], Any]

logger = Logger(service="one_box")


def imported_handler(function: Function) -> Handler:
    """Return the handler that AWS would call; its libraries are loaded at its first call."""
    handler: Handler = import_module(f"functions.handlers.{function}").handler
    return handler


def failure_of(job: Job, handler_of: Callable[[Function], Handler]) -> str | None:
    """Call the function, and say why it failed in a sentence; `None` if it did not."""
    try:
        handler_of(job.function)(_event_of(job), CallContext(job.function))
    except Exception as error:  # as on Lambda: whatever it is, there is another try
        reason = str(error) if isinstance(error, OpsError) else f"{type(error).__name__}: {error}"
        logger.warning(
            "job failed", function=job.function, job_id=job.id, reason=reason, exc_info=error
        )
        return reason
    return None


def _event_of(job: Job) -> dict[str, Any]:
    """Return the event: deliveries come from a queue, all else is called."""
    if job.function != "deliver":
        return job.event
    message = {"messageId": job.id, "body": json.dumps(job.event), "eventSource": "aws:sqs"}
    return {"Records": [message]}
