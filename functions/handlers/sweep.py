"""Each minute: wake deliveries that were not woken or failed, and partitions that are due."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.flows.sweep import sweep
from core.flows.wake_partitions import wake_partitions
from core.wiring import ports

logger = Logger(service="sweep")


@logger.inject_lambda_context(clear_state=True)
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Sweep all outboxes, then look at what is awaited."""
    woken = sweep(ports())
    partitions = wake_partitions(ports())
    logger.info("swept", channels=woken, partitions=partitions)
    return {"channels": woken, "partitions": partitions}
