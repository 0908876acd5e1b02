"""On a cadence, or because somebody asks: retrain a model."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import AwareDatetime

from core.domain.base import Value
from core.domain.ids import VersionId
from core.flows.permit import config_of
from core.flows.propose_idea import tie_to_version
from core.wiring import ports
from functions.flows.evaluate_again import evaluate_again
from functions.flows.measure_sensitivity import measure_sensitivity
from functions.flows.measure_staleness import measure_staleness
from functions.flows.retrain import retrain_with
from functions.flows.training.answer_retrain import answer_retrain
from functions.flows.training.make_version import Asked

logger = Logger(service="retrain")


class RetrainAsked(Value):
    """Who wants which model trained, and why."""

    model: str
    reason: str
    asked_by: str
    asked_at: AwareDatetime | None = None
    """When a person asked, and waits for an answer; `None` on a cadence."""
    evaluate: VersionId | None = None
    """Only judge this version once more; `None` to train."""
    idea: str | None = None
    """The id of the idea that the version is to try; `None` for none."""


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Retrain one model. Errors propagate: Lambda retries, then dead-letters."""
    asked = RetrainAsked.model_validate(event)
    logger.thread_safe_append_keys(model=asked.model)
    outside = ports()
    if asked.evaluate is not None:
        again = evaluate_again(asked.model, asked.evaluate, asked.asked_by, outside)
        logger.info("evaluated", decision=again.decision, version=asked.evaluate)
        return again.model_dump(mode="json")
    wanted = Asked(by=asked.asked_by, reason=asked.reason, run=context.aws_request_id)
    done = retrain_with(config_of(asked.model, outside), wanted, outside)
    if done.version is not None:
        tie_to_version(done.version, asked.idea, outside)
    if asked.asked_at is not None:
        answer_retrain(asked.model, done, asked.asked_by, asked.asked_at, outside)
    if done.decision in {"trained", "reference learned"}:  # told already: nobody waits for this
        measure_sensitivity(asked.model, outside)
    if done.decision == "trained":
        measure_staleness(asked.model, outside)
    logger.info("retrained", decision=done.decision, version=done.version, window_rows=done.rows)
    return done.model_dump(mode="json")
