"""Each hour: who is in the user groups that configs name; which rules and ideas need an answer."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.flows.ask_about_rules import ask_about_rules
from core.flows.close_ideas import close_ideas
from core.flows.refresh_people import refresh_people
from core.wiring import ports

logger = Logger(service="refresh_people")


@logger.inject_lambda_context
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Refresh what is known of people, ask those whose rules have expired, answer their ideas."""
    outside = ports()
    groups, asked = refresh_people(outside), ask_about_rules(outside)
    answered = close_ideas(outside)
    logger.info("people refreshed", groups=groups, asked=asked, ideas_answered=answered)
    return {"groups": groups, "asked": asked, "ideas_answered": answered}
