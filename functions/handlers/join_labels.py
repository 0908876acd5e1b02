"""Labels landed: book them to the partition that was predicted."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.wiring import ports
from functions.flows.concerned import concerned
from functions.flows.join_labels import join_labels

logger = Logger(service="join_labels")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Book them for each model that reads them. Errors propagate: Lambda retries."""
    outside, results = ports(), []
    for of in concerned(event, "labels", outside):
        logger.thread_safe_append_keys(model=of.model, partition=of.partition)
        booking = join_labels(of.model, of.partition, outside)
        share = booking.cohort.labelled_share if booking.cohort else None
        logger.info("labels joined", decision=booking.decision, labelled_share=share)
        results.append(booking.model_dump(mode="json"))
    return {"results": results}
