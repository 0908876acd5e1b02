"""`watchkeeper evaluate`: judge a version as things are now, or repeat an evaluation exactly."""

from collections.abc import Callable
from typing import Final

from core.domain.errors import Refusal, Unknown
from core.domain.evaluation import Evaluation, Judgement
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import short
from core.domain.version import Version
from core.flows.permit import config_of
from core.ports import Ports
from functions.flows.evaluate_again import evaluate_again
from functions.flows.judging.evaluate_version import repeat_evaluation
from infra.local.evaluation_text import evaluation_text

_AN_EVALUATION: Final = "evl_"
_MOST_VERSIONS: Final = 1000


class NotJudged(Refusal):
    """The version could not be judged; an alert says why."""

    def __init__(self, model: str) -> None:
        super().__init__(f"It could not be judged now; an open alert of `{model}` says why.")


def tell_evaluation(model: str, name: str, ports: Ports, tell: Callable[[str], None]) -> None:
    """Judge a version anew and write what was found; repeat an evaluation and compare the two.

    Args:
        model: its name.
        name: a version, or its first letters; or an evaluation.
        ports: the outside world.
        tell: writes a line.

    Raises:
        Unknown: there is no such model, version or evaluation.
        NotJudged: there is nothing to judge the version on.
        BadData: the rows of the evaluation are not there as they were.
    """
    if name.startswith(_AN_EVALUATION):
        return _tell_repeated(model, name, ports, tell)
    done = evaluate_again(model, _version(model, name, ports), Person.command_line().id, ports)
    if done.evaluation is None:
        raise NotJudged(model)
    for line in evaluation_text(done.evaluation):
        tell(line)
    return None


def _tell_repeated(model: str, name: str, ports: Ports, tell: Callable[[str], None]) -> None:
    again = repeat_evaluation(name, config_of(model, ports), ports)
    known = ports.records.get(Evaluation, name) or again
    for line in evaluation_text(again):
        tell(line)
    if known.evaluator_hash != again.evaluator_hash:
        tell("The evaluator has changed since, so the numbers may be others than they were.")
    is_same = all(
        getattr(known, field) == getattr(again, field) for field in Judgement.model_fields
    )
    tell("Repeated: the same numbers." if is_same else "Repeated: *other* numbers.")


def _version(model: str, name: str, ports: Ports) -> VersionId:
    versions = ports.records.query(
        Version, f"versions:{model}", newest_first=True, limit=_MOST_VERSIONS
    )
    for version in versions:
        if version.id == name or short(version.id) == name:
            return version.id
    raise Unknown("version", name)
