"""Take what another system predicted into the prediction log, where labels are booked to it."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from core.domain.data_config import Predictions
from core.domain.errors import BadData, Busy
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.domain.target import Task
from core.domain.wording import likely, names, number
from core.ports import Ports, changed, new
from functions.arrays import Floats
from functions.data.likely_column import it_is_missing, the_only_one
from functions.data.partition_rows import PartitionRows, read_rows
from functions.data.predicted import Predicted
from functions.data.prediction_log import log_key, write_log
from functions.placing import MadeFor
from functions.untyped import with_numbers

_ATTEMPTS = 5
_ROUNDED: Final = 0.01  # to two digits, as many write a probability
_LARGEST: Final = float(np.finfo(np.float32).max)  # beyond, squared errors end at infinity


class WrongPredictions(BadData):
    """The predictions are not what the config says they are."""

    def __init__(self, column: str, partition: str, task: Task, found: str | None = None) -> None:
        needed = "a finite number" if task == "regression" else "a probability, 0 to 1,"
        super().__init__(
            f"The predictions of {partition} need a column `{column}` that holds {needed} in every "
            f"row{f', but {found}' if found else ''}."
        )
        self.partition = partition


class NoProbabilities(BadData):
    """What is said of the classes of a row does not go together."""

    def __init__(self, columns: Sequence[str], partition: str, together: float) -> None:
        super().__init__(
            f"The predictions of {partition} need columns {names(columns)} that together are 1 in "
            f"every row, but in one of them they are {number(together)}."
        )
        self.partition = partition


def adopt_predictions(
    config: ModelConfig, predictions: Predictions, partition: str, ports: Ports
) -> Scored | None:
    """Log another system's predictions of a partition; `None` while none have landed.

    A rewritten partition is logged beside the earlier one and takes its place in the record.

    Raises:
        BadData: an object cannot be read, or a score is not what the target needs.
        Busy: others kept changing the same record.
    """
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Scored, Scored.id_of(config.model, partition))
        rows = read_rows(predictions.prefix, partition, config.data.key, ports.objects)
        if rows is None:
            return before
        if before is not None and before.served.version == _version(rows):
            return before
        scored = _scored(config, predictions, partition, rows, ports)
        if before is not None:
            scored = scored.model_copy(update={"revision": before.revision})
        if ports.records.commit(changed(scored) if before else new(scored)):
            return scored
    raise Busy


def _scored(
    config: ModelConfig,
    predictions: Predictions,
    partition: str,
    rows: PartitionRows,
    ports: Ports,
) -> Scored:
    distinct = rows.without_duplicates(config.data.key)
    for column in predictions.columns:
        if column not in distinct.table.column_names:
            found = _missing(config, predictions, partition, distinct)
            raise WrongPredictions(column, partition, config.target.task, found)
    scores = _predicted(predictions, partition, distinct, config.target.task)
    predicted = Predicted(
        version=_version(rows),
        stage="champion",
        keys=distinct.keys(config.data.key),
        said=scores,
        served=scores,
        hits=np.zeros(len(scores), np.int64),
        made_for=MadeFor.target(config.target),
    )
    key = log_key(config.model, partition, predicted.version, "champion")
    logged = write_log(key, partition, predicted, ports.now(), ports.objects)
    return Scored(
        id=Scored.id_of(config.model, partition),
        model=config.model,
        partition=partition,
        scored_at=ports.now(),
        features_hash=rows.content_hash,
        logs=(logged,),
        duplicates=rows.table.num_rows - distinct.table.num_rows,
    )


def _version(rows: PartitionRows) -> VersionId:
    """Name what made the predictions by what it predicted: we know no more of it."""
    return VersionId(f"elsewhere_{rows.content_hash}")


def _predicted(predictions: Predictions, partition: str, rows: PartitionRows, task: Task) -> Floats:
    of_columns = [_scores(column, partition, rows, task) for column in predictions.columns]
    if not predictions.scores:
        return of_columns[0]
    scores = np.column_stack(of_columns)
    together = scores.sum(axis=1)
    wrong = together[np.abs(together - 1) > _ROUNDED]
    if len(wrong):
        raise NoProbabilities(predictions.scores, partition, float(wrong[0]))
    return scores


def _missing(
    config: ModelConfig, predictions: Predictions, partition: str, rows: PartitionRows
) -> str:
    """Say that a column is missing, and which one holds scores that the config does not name."""

    def could_be(name: str) -> bool:
        try:
            _scores(name, partition, rows, config.target.task)
        except WrongPredictions:
            return False
        return name not in predictions.columns

    found = the_only_one(rows.table, config.data.key, could_be)
    if found is None or predictions.score is not None:
        return it_is_missing(found, "data.predictions.score")
    renamed = "if it was renamed, name it in `data.predictions.scores`"
    return f"it is missing; {likely(found)}: {renamed}"


def _scores(column: str, partition: str, rows: PartitionRows, task: Task) -> Floats:
    table = with_numbers(rows.table, [column])
    if table.column(column).null_count:
        raise WrongPredictions(column, partition, task)
    try:
        scores = np.asarray(table.column(column).cast(pa.float64()).to_numpy(), dtype=np.float64)
    except pa.ArrowException as error:
        raise WrongPredictions(column, partition, task) from error
    largest = _LARGEST if task == "regression" else 1.0
    smallest = -largest if task == "regression" else 0.0
    if not np.all((scores >= smallest) & (scores <= largest)):
        raise WrongPredictions(column, partition, task)
    return scores
