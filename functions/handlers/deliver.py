"""Woken through a queue that is serial for each channel: tell Slack what waits."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.domain.errors import Unavailable
from core.flows.deliver import deliver
from core.wiring import ports

logger = Logger(service="deliver")


@logger.inject_lambda_context
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Deliver to each channel that is named, once; those that failed go back to the queue.

    An event of one channel, `{"channel": …}`, fails as a whole.
    """
    if "Records" not in event:
        return {"told": _told(event["channel"])}
    failed: set[str] = set()
    messages: dict[str, list[str]] = {}
    for record in event["Records"]:
        messages.setdefault(json.loads(record["body"])["channel"], []).append(record["messageId"])
    for channel, ids in messages.items():
        try:
            _told(channel)
        except Unavailable as error:
            logger.warning("delivery failed", channel=channel, reason=str(error))
            failed.update(ids)
    return {"batchItemFailures": [{"itemIdentifier": message} for message in sorted(failed)]}


def _told(channel: str) -> int:
    told = deliver(channel, ports())
    logger.info("delivered", channel=channel, messages=told)
    return told
