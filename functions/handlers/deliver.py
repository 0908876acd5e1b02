"""Woken through a queue that is serial for each channel: tell Slack what waits, ask who is next."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.domain.errors import Unavailable
from core.flows.deliver import deliver
from core.flows.on_call import escalate
from core.wiring import ports

logger = Logger(service="deliver")


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Deliver to each channel that is named, once.

    A message is never handed back because Slack failed: the queue would then hold the channel's
    next ones for its whole visibility timeout. What was not told stays in the outbox, and the
    sweep wakes the delivery again within a minute.
    """
    channels = dict.fromkeys(json.loads(record["body"])["channel"] for record in event["Records"])
    return {"told": {channel: _told(channel) for channel in channels}}


def _told(channel: str) -> int | None:
    try:
        asked = escalate(channel, ports())
        told = deliver(channel, ports())
    except Unavailable as error:
        logger.warning("delivery waits for the sweep", channel=channel, reason=str(error))
        return None
    logger.info("delivered", channel=channel, messages=told, escalated=asked)
    return told
