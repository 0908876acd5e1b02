"""Answer a request of rows: input contract, canary or champion, overrides, log; then the answer."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import numpy as np
import pandas as pd

from core.domain.errors import BadData, Unavailable, Unknown
from core.domain.ids import VersionId
from core.domain.model_config import Column
from core.domain.requested import requests_prefix
from core.domain.score_request import (
    NothingServes,
    RowPrediction,
    RowRefusal,
    ScoreAnswer,
    ScoreRequest,
)
from core.domain.verdict import Severity
from core.ports import Ports
from functions.arrays import Flags
from functions.data.predicted import Predicted
from functions.data.request_log import Serving, write_answer
from functions.data.request_rows import RequestRows, Wanted, request_rows
from functions.flows.scoring.fall_back import fall_back, tell_hops
from functions.flows.scoring.join_request import join_request
from functions.flows.scoring.predict_rows import attempt
from functions.flows.scoring.quarantine_rows import broken_rows
from functions.flows.scoring.warm_predictors import ModelPredictors, WarmPredictors
from functions.flows.tell_owner import tell_owner
from functions.ml.scoring.canary import in_canary

REQUEST_S: Final = 10.0
"""So long all pipelines together may take for a request; then a constant is answered."""
_NOT_SERVED: Final = "no number came out, or one beyond the limits of `scoring.output`"
_NO_CANARY: Final = "The champion served its share. Look at the version, and end its canary."


def score_request(
    request: ScoreRequest, request_id: str, warm: WarmPredictors, ports: Ports
) -> ScoreAnswer:
    """Predict rows now, and write down what was said, of which rows, before it is answered.

    Columns of a table of its own that a row lacks are joined to it, as known by its event time.

    Shadows predict them when labels land (`shadow_requests`). Who sends a row that breaks the
    contract is told why: it is in no quarantine.

    Args:
        request: which rows, of which model.
        request_id: names the objects of the log, under `predictions/<model>/requests/`, one for
            each partition that the rows belong to.
        warm: who serves, at most 30 s old.
        ports: the outside world.

    Raises:
        Unknown: there is no such model.
        NothingServes: no version serves it here.
        Unavailable: nobody can predict now.
    """
    known = warm.of(request.model, ports)
    champion, canary = known.serving.champion, known.serving.canary
    if champion is None:
        raise NothingServes(request.model)
    config = known.config
    wanted, joins = _wanted(known, champion, canary), known.joins()
    joined = join_request(request.rows, joins, wanted.columns, lambda day: known.around(joins, day))
    read = request_rows(joined.rows, wanted, ports.now())
    refused = read.refused | joined.refused | _broken(read, known, ports)
    is_fine = np.array([place not in refused for place in read.places], np.bool_)
    rows = read.only(is_fine)
    if not rows.places:
        return _answer(request, request_id, [], refused)
    keys = rows.table.column(config.data.key)
    is_canarys = np.zeros(len(rows.places), np.bool_)
    if canary is not None:
        names = pd.Index(keys.to_pandas(), dtype="str")
        is_canarys = in_canary(names, known.serving.drawn_by, known.serving.canary_share)
    served = _served(known, rows, is_canarys, ports)
    who = Serving(champion=champion, canary=canary)
    for share, predicted in served:
        _log(config.model, request_id, (share, predicted, who), ports)
    return _answer(request, request_id, served, refused)


def _wanted(known: ModelPredictors, champion: VersionId, canary: VersionId | None) -> Wanted:
    """Say what has to stand in a row: all that whoever may serve it reads.

    What the config in force or a version in shadow reads beside that is kept for later.
    """

    def read_by(*versions: VersionId | None) -> dict[str, Column]:
        asked = [known.candidate(version) for version in versions if version is not None]
        return {name: kind for who in asked for name, kind in who.version.manifest.columns.items()}

    data, besides = known.config.data, dict(known.config.columns)
    with suppress(Unknown):  # one that is gone is no reason to answer nobody
        besides |= read_by(*known.serving.in_shadow)
    return Wanted(data.key, read_by(champion, canary), besides, data.event_time)


def _broken(read: RequestRows, known: ModelPredictors, ports: Ports) -> dict[int, str]:
    why = broken_rows(known.config, read.table, ports.now().date())
    return {
        place: reason
        for place, reason in zip(read.places, why or [None] * len(read.places), strict=True)
        if reason is not None
    }


def _served(
    known: ModelPredictors, rows: RequestRows, is_canarys: Flags, ports: Ports
) -> list[tuple[RequestRows, Predicted]]:
    """Let the canary predict its rows, and the champion, or its fallback, the others."""
    served = []
    if is_canarys.any():
        share = rows.only(is_canarys)
        predicted = _by_canary(known, share, ports)
        if predicted is not None:
            served.append((share, predicted))
            rows = rows.only(~is_canarys)
    if rows.places:
        keys = rows.table.column(known.config.data.key)
        found = fall_back(known, rows.table, keys, REQUEST_S)
        tell_hops(known.config, found, None, ports)
        if found.predicted is None:
            raise Unavailable(f"No version of `{known.config.model}` can predict now.")
        served.append((rows, found.predicted))
    return served


def _by_canary(known: ModelPredictors, share: RequestRows, ports: Ports) -> Predicted | None:
    if known.serving.canary is None:
        return None
    who, keys = known.candidate(known.serving.canary), share.table.column(known.config.data.key)
    try:
        return attempt(
            who,
            min(who.slow_after_s, REQUEST_S),
            lambda: known.load(who).predicted("canary", share.table, keys),
        )
    except BadData as wrong:
        tell_owner(
            known.config,
            rule="canary",
            partition=None,
            summary=str(wrong),
            next_step=_NO_CANARY,
            severity=Severity.PAGE,
            ports=ports,
        )
        return None


def _log(
    model: str, request_id: str, answer: tuple[RequestRows, Predicted, Serving], ports: Ports
) -> None:
    rows, predicted, serving = answer
    days = np.array(rows.partitions)
    for day in dict.fromkeys(rows.partitions):
        key = f"{requests_prefix(model, day)}{request_id}.{predicted.stage}.parquet"
        is_its_own: Flags = np.asarray(days == day, np.bool_)
        some, said = rows, predicted
        if not is_its_own.all():
            some, said = rows.only(is_its_own), predicted.only(is_its_own)
        write_answer(key, day, said, some.table, serving, ports.now(), ports.objects)


def _answer(
    request: ScoreRequest,
    request_id: str,
    served: list[tuple[RequestRows, Predicted]],
    refused: dict[int, str],
) -> ScoreAnswer:
    predictions: list[RowPrediction] = []
    for rows, predicted in served:
        is_withheld = predicted.is_withheld
        for at, one in enumerate(_predictions(predicted, rows)):
            if is_withheld is not None and is_withheld[at]:
                refused = refused | {one.row: _NOT_SERVED}
            else:
                predictions.append(one)
    return ScoreAnswer(
        request=request_id,
        model=request.model,
        predictions=tuple(sorted(predictions, key=lambda one: one.row)),
        refused=tuple(RowRefusal(row=row, why=refused[row]) for row in sorted(refused)),
    )


def _predictions(predicted: Predicted, rows: RequestRows) -> Iterator[RowPrediction]:
    scores, classes = predicted.served_scores()
    for at, (place, key) in enumerate(zip(rows.places, predicted.keys.to_pylist(), strict=True)):
        score, hits = float(scores[at]), int(predicted.hits[at])
        is_served = not np.isnan(score)
        yield RowPrediction(
            row=place,
            id=key,
            partition=rows.partitions[at],
            score=score if is_served else None,
            decided=predicted.made_for.classes[classes[at]]
            if classes is not None and is_served
            else None,
            scores=tuple(predicted.said[at].tolist())
            if classes is not None and is_served
            else None,
            version=predicted.version,
            stage=predicted.stage,
            overrides=tuple(
                name for bit, name in enumerate(predicted.overrides) if hits & (1 << bit)
            ),
        )
