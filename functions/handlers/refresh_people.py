"""Each hour: who is in the user groups; hand-overs; which rules, ideas, models need an answer."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from core.flows.ask_about_rules import ask_about_rules
from core.flows.close_ideas import close_ideas
from core.flows.hand_over import hand_over
from core.flows.refresh_people import refresh_people
from core.flows.tell_unwatched import tell_unwatched
from core.wiring import ports

logger = Logger(service="refresh_people")


@logger.inject_lambda_context(clear_state=True)
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Refresh people, report shifts, ask about rules, answer ideas, tell of silent models."""
    outside = ports()
    groups, asked = refresh_people(outside), ask_about_rules(outside)
    answered, unwatched = close_ideas(outside), tell_unwatched(outside)
    handed_over = hand_over(outside)
    logger.info(
        "people refreshed",
        groups=groups,
        asked=asked,
        ideas_answered=answered,
        unwatched_models=unwatched,
        handed_over=handed_over,
    )
    return {
        "groups": groups,
        "asked": asked,
        "ideas_answered": answered,
        "unwatched_models": unwatched,
        "handed_over": handed_over,
    }
