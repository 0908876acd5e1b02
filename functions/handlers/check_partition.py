"""When an object of a partition was created, or a partition is named: check it."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from core.domain.errors import BadData, Unknown
from core.domain.model_config import ModelName
from core.domain.partition import PartitionName
from core.wiring import ports
from functions.flows.check_partition import check_partition
from functions.flows.landed import partition_of

logger = Logger(service="check_partition")


class Named(BaseModel):
    """A direct call: a person, a schedule, a retry by hand."""

    model: ModelName
    partition: PartitionName


class CreatedObject(BaseModel):
    """The part of EventBridge's `Object` that is needed."""

    key: str


class Detail(BaseModel):
    """The part of EventBridge's `detail` that is needed."""

    object: CreatedObject


class ObjectCreated(BaseModel):
    """What EventBridge sends when S3 has stored an object; keys are not URL-encoded there."""

    detail: Detail


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Check one partition. What a retry would not mend is logged; other errors propagate."""
    named = _named(event)
    if named is None:
        logger.info("not an object of features")
        return {"decision": "ignored"}
    logger.append_keys(model=named.model, partition=named.partition)
    try:
        check = check_partition(named.model, named.partition, ports())
    except (Unknown, BadData) as refused:
        logger.warning("partition not checked", reason=str(refused))
        return {"decision": "refused", "reason": str(refused)}
    verdict = check.verdict
    logger.info(
        "partition judged",
        severity=verdict.severity,
        error_class=verdict.error_class,
        basis=verdict.basis,
        blamed=[blame.column for blame in verdict.blamed],
    )
    return {"decision": "checked", "rows": check.rows, **verdict.model_dump(mode="json")}


def _named(event: dict[str, Any]) -> Named | None:
    if "detail" not in event:
        return Named.model_validate(event)
    created = ObjectCreated.model_validate(event)
    found = partition_of(created.detail.object.key, ports())
    return Named(model=found[0], partition=found[1]) if found else None
