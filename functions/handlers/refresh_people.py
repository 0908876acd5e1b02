"""Each hour: who is in the user groups; which rules, ideas and silent models need an answer."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.flows.ask_about_rules import ask_about_rules
from core.flows.close_ideas import close_ideas
from core.flows.refresh_people import refresh_people
from core.flows.tell_unwatched import tell_unwatched
from core.wiring import ports

logger = Logger(service="refresh_people")


@logger.inject_lambda_context(clear_state=True)
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Refresh what is known of people, ask about rules, answer ideas, tell of silent models."""
    outside = ports()
    groups, asked = refresh_people(outside), ask_about_rules(outside)
    answered, unwatched = close_ideas(outside), tell_unwatched(outside)
    logger.info(
        "people refreshed",
        groups=groups,
        asked=asked,
        ideas_answered=answered,
        unwatched_models=unwatched,
    )
    return {
        "groups": groups,
        "asked": asked,
        "ideas_answered": answered,
        "unwatched_models": unwatched,
    }
