"""What was served of a partition is written down: let versions in shadow predict it."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.wiring import ports
from functions.flows.concerned import ModelPartition
from functions.flows.predict_in_shadow import predict_in_shadow

logger = Logger(service="shadow")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Let them predict it. Errors propagate: Lambda retries, and what is served never knows."""
    of = ModelPartition.model_validate(event)
    logger.thread_safe_append_keys(model=of.model, partition=of.partition)
    scored = predict_in_shadow(of.model, of.partition, ports())
    versions = [logged.version for logged in scored.shadows] if scored else []
    logger.info("predicted in shadow", versions=versions)
    return {"versions": versions}
