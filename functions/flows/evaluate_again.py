"""Judge a version once more, on the newest rows and beside the champion of now."""

from typing import Literal

from core.domain.base import Value
from core.domain.challenge import Challenge
from core.domain.errors import BadData, Unknown
from core.domain.evaluation import Evaluation
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.verdict import Severity
from core.domain.version import Version
from core.flows.compare_anew import compare_anew
from core.flows.permit import config_of
from core.ports import Ports
from functions.flows.judging.evaluate_version import evaluate_version
from functions.flows.tell_owner import tell_owner
from functions.flows.training.training_rows import newest_rows

_WAIT = "Ask again when newer labels are there."


class EvaluatedAgain(Value):
    """What a call came to."""

    decision: Literal["evaluated", "bad data"]
    evaluation: Evaluation | None = None
    """`None` when the version could not be judged."""


def evaluate_again(
    model: str, version_id: VersionId, asked_by: str, ports: Ports
) -> EvaluatedAgain:
    """Judge a version as things are now, and show it on its card.

    Raises:
        Unknown: there is no such model or version.
    """
    config, version = config_of(model, ports), ports.records.get(Version, version_id)
    if version is None or version.manifest.model != model:
        raise Unknown("version", version_id)
    try:
        evaluation = evaluate_version(version, config, newest_rows(config, ports), ports)
    except BadData as wrong:
        tell_owner(
            config,
            rule="evaluate",
            partition=None,
            summary=str(wrong),
            next_step=_WAIT,
            severity=Severity.WARN,
            ports=ports,
        )
        return EvaluatedAgain(decision="bad data")
    if ports.records.get(Challenge, Challenge.id_of(model, version_id)) is not None:
        compare_anew(evaluation, Person(id=asked_by), ports)
    return EvaluatedAgain(decision="evaluated", evaluation=evaluation)
