"""Take what another system predicted into the prediction log, where labels are booked to it."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from core.domain.data_config import Predictions
from core.domain.errors import BadData, Busy
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.scored import Scored
from core.ports import Ports, changed, new
from functions.data.partition_rows import PartitionRows, read_rows
from functions.data.predicted import Predicted
from functions.data.prediction_log import log_key, write_log
from functions.untyped import with_numbers

_ATTEMPTS = 5


class WrongPredictions(BadData):
    """The predictions are not what the config says they are."""

    def __init__(self, column: str, partition: str) -> None:
        super().__init__(
            f"The predictions of {partition} need a column `{column}` that holds a probability, "
            "0 to 1, in every row."
        )
        self.partition = partition


def adopt_predictions(
    config: ModelConfig, predictions: Predictions, partition: str, ports: Ports
) -> Scored | None:
    """Log another system's predictions of a partition; `None` while none have landed.

    A rewritten partition is logged beside the earlier one and takes its place in the record.

    Raises:
        BadData: an object cannot be read, or a score is not a probability.
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
    scores = _probabilities(predictions.score, partition, distinct)
    predicted = Predicted(
        version=_version(rows),
        stage="champion",
        keys=distinct.keys(config.data.key),
        said=scores,
        served=scores,
        hits=np.zeros(len(scores), np.int64),
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


def _probabilities(column: str, partition: str, rows: PartitionRows) -> NDArray[np.float64]:
    table = with_numbers(rows.table, [column])
    if column not in table.column_names or table.column(column).null_count:
        raise WrongPredictions(column, partition)
    try:
        scores = table.column(column).cast(pa.float64()).to_numpy()
    except pa.ArrowException as error:
        raise WrongPredictions(column, partition) from error
    if not np.all((scores >= 0) & (scores <= 1)):
        raise WrongPredictions(column, partition)
    return np.asarray(scores, dtype=np.float64)
