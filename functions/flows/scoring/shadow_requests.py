"""Let versions in shadow predict the rows that were asked for, long after they were answered."""

from typing import Final

import numpy as np
import pyarrow as pa

from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.requested import Requested
from core.domain.scored import Logged
from core.domain.serving import Serving
from core.domain.wording import many
from core.flows.change import change
from core.ports import Ports, Write
from functions.data.predicted import Predicted
from functions.data.prediction_log import log_key, write_log
from functions.data.request_log import Answers, answers_in, features_of, where_sent
from functions.flows.scoring.predict_rows import Candidate, attempt, candidate
from functions.flows.scoring.requested_rows import answers_of

_MICROSECOND: Final = 1e6


class NotSent(BadData):
    """Requests lack what a version reads."""

    def __init__(self, who: str, rows: int) -> None:
        super().__init__(
            f"{who} cannot predict {many(rows, 'requested row')}: they were sent without a column "
            "that it reads."
        )


def shadow_requests(
    config: ModelConfig, serving: Serving, requested: Requested, ports: Ports
) -> list[str]:
    """Let each version in shadow predict what was answered; nothing of it is ever served.

    None predicts what it has answered itself; nor what was asked before it was made, nor a
    partition that it has learned from: it would know what came after. Of rows that a canary served,
    the champion of that time says what it would have said, but where what is served changes what
    happens.

    Returns:
        Why versions could not, in finished sentences.
    """
    wrong: list[str] = []
    for version in serving.in_shadow:
        if requested.log_of(version, "shadow") is None:
            try:
                requested = _in_shadow(config, version, requested, ports)
            except BadData as refused:
                wrong.append(str(refused))
    if requested.awaits_champion and not config.stages.has_feedback_loop:
        try:
            _champions(config, requested, ports)
        except BadData as refused:
            wrong.append(str(refused))
    return wrong


def _in_shadow(
    config: ModelConfig, version: VersionId, requested: Requested, ports: Ports
) -> Requested:
    who = candidate(config, version, ports)
    if any(used.partition == requested.partition for used in who.version.manifest.partitions):
        return requested
    made_at = who.version.made_at.timestamp() * _MICROSECOND
    asked = [
        answers.only(answers.table.column("scored_at").cast("int64").to_numpy() >= made_at)
        for answers in answers_of(requested, ports.objects)
        if answers.version != version
    ]
    columns = [*who.version.manifest.columns]
    sent = [answers.only(where_sent(answers, columns)) for answers in asked]
    some = [answers for answers in sent if answers.table.num_rows]
    if some:
        predicted = _predicted(who, some, ports)
        key = log_key(config.model, requested.partition, who.id, "shadow", requested.part)
        requested = _written_down(_log(key, requested, predicted, ports), requested, ports)
    lacking = _rows(asked) - _rows(sent)
    if lacking:
        raise NotSent(who.name, lacking)
    return requested


def _champions(config: ModelConfig, requested: Requested, ports: Ports) -> None:
    """Ask each champion about the rows that its canary served."""
    canarys = [logged for logged in requested.served if logged.stage == "canary"]
    for logged in canarys:
        answers = answers_in(logged.key, logged.version, logged.stage, ports.objects)
        champions = np.array(answers.table.column("champion").to_pylist(), object)
        for version in sorted({one for one in champions if one is not None}):
            who = candidate(config, VersionId(version), ports)
            columns = [*who.version.manifest.columns]
            its_own = answers.only(np.asarray(champions == version, np.bool_))
            predicted = _predicted(who, [its_own.only(where_sent(its_own, columns))], ports)
            part = f"{requested.beside}-{logged.version}"
            key = log_key(config.model, requested.partition, who.id, "champion", part)
            more = _log(key, requested, predicted.as_champion(), ports)
            requested = _written_down(more, requested, ports)


def _predicted(who: Candidate, asked: list[Answers], ports: Ports) -> Predicted:
    columns = [*who.version.manifest.columns]

    def work() -> Predicted:
        table = pa.concat_tables([features_of(answers, columns) for answers in asked])
        names = pa.chunked_array([pa.array(answers.names, pa.string()) for answers in asked])
        return who.loaded(ports).predicted("shadow", table, names)

    return attempt(who, who.slow_after_s, work)


def _log(key: str, requested: Requested, predicted: Predicted, ports: Ports) -> Logged:
    return write_log(key, requested.partition, predicted, ports.now(), ports.objects)


def _rows(asked: list[Answers]) -> int:
    return sum(answers.table.num_rows for answers in asked)


def _written_down(more: Logged, requested: Requested, ports: Ports) -> Requested:
    """Add it, unless more was asked meanwhile: then all is gathered, and predicted, anew."""

    def step(stored: Requested) -> tuple[Requested, list[Write]]:
        is_same = stored.basis == requested.basis
        return (stored.with_log(more) if is_same else stored), []

    return change(Requested, requested.id, step, ports)
