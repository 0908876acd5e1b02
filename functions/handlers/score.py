"""A partition of features landed: score it; or another system's predictions: take them."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.domain.scored import Scored
from core.flows.look_at_arrival import still_missing
from core.ports import Ports
from core.wiring import ports
from functions.flows.concerned import ModelPartition, concerned
from functions.flows.score import score
from functions.flows.training.note_environment import note_environment

logger = Logger(service="score")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Score it for each model that reads it. Errors propagate: Lambda retries."""
    outside, results = ports(), []
    note_environment(outside)
    for of in _concerned(event, outside):
        logger.thread_safe_append_keys(model=of.model, partition=of.partition)
        missing = still_missing(of.model, of.partition, outside)
        if missing is not None:
            logger.info("partition waits", missing=missing)
            results.append({"decision": "waits", "reason": missing})
            continue
        scoring = score(of.model, of.partition, outside)
        logger.info("scored", decision=scoring.decision, **_facts(scoring.scored))
        results.append(scoring.model_dump(mode="json"))
    return {"results": results}


def _facts(scored: Scored | None) -> dict[str, Any]:
    if scored is None:
        return {}
    return {
        "versions": [log.version for log in scored.logs],
        "stages": [log.stage for log in scored.logs],
        "hit_rates": scored.served.hit_rates,
        "withheld": scored.served.withheld,
        "quarantined": scored.quarantined,
        "hops": [hop.why for hop in scored.hops],
    }


def _concerned(event: dict[str, Any], outside: Ports) -> list[ModelPartition]:
    found = concerned(event, "features", outside)
    return found if "detail" not in event else found + concerned(event, "predictions", outside)
