"""Each minute: wake the deliveries that were not woken, or that failed."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.flows.sweep import sweep
from core.wiring import ports

logger = Logger(service="sweep")


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Sweep all outboxes."""
    woken = sweep(ports())
    logger.info("swept", channels=woken)
    return {"channels": woken}
