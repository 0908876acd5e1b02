"""Each hour: who is in the user groups that the configs name."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.flows.refresh_people import refresh_people
from core.wiring import ports

logger = Logger(service="refresh_people")


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Refresh the cached members."""
    groups = refresh_people(ports())
    logger.info("people refreshed", groups=groups)
    return {"groups": groups}
