"""A partition of features landed: check it when it is complete; tell of what is in none."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.domain.errors import BadData, Unknown
from core.flows.await_partition import await_partition
from core.ports import Ports
from core.wiring import ports
from functions.flows.check_partition import check_partition
from functions.flows.checking.profile_objects import ProfiledElsewhere
from functions.flows.concerned import ModelPartition, concerned
from functions.flows.tell_unread import tell_unread

logger = Logger(service="check_partition")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Check it for each model that reads it. Errors that a retry may mend propagate."""
    outside = ports()
    for config, where in tell_unread(event, outside):
        logger.warning("object not read", model=config.model, reason=where.remedy)
    return {"results": [_result(of, outside) for of in concerned(event, "features", outside)]}


def _result(of: ModelPartition, outside: Ports) -> dict[str, Any]:
    logger.thread_safe_append_keys(model=of.model, partition=of.partition)
    try:
        found = await_partition(of.model, of.partition, outside)
        if found.is_awaited:
            logger.info("partition waits", missing=found.missing)
            return {"decision": "waits", "reason": found.missing}
        check = check_partition(of.model, of.partition, outside)
    except (Unknown, BadData) as refused:  # no retry would mend it: say so once, and be done
        logger.warning("partition not checked", reason=str(refused))
        return {"decision": "refused", "reason": str(refused)}
    except ProfiledElsewhere as first:  # we are called again when that is done
        logger.info("objects are profiled first", objects=first.objects)
        return {"decision": "profiling", "objects": first.objects}
    verdict = check.verdict
    logger.info(
        "partition judged",
        severity=verdict.severity,
        error_class=verdict.error_class,
        basis=verdict.basis,
        blamed=[blame.column for blame in verdict.blamed],
        unwatched=list(check.unwatched),
    )
    return {"decision": "checked", "rows": check.rows, **verdict.model_dump(mode="json")}
