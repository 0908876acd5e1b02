"""One of the many objects of a large partition: profile it for the check that follows."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.wiring import ports
from functions.flows.checking.profile_objects import LandedObject, profile_for

logger = Logger(service="profile_object")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Profile it. Errors propagate: whoever called tries again."""
    landed = LandedObject.model_validate(event)
    logger.thread_safe_append_keys(model=landed.model, partition=landed.partition)
    profile_for(landed, ports())
    logger.info("object profiled", key=landed.key)
    return {"decision": "profiled"}
