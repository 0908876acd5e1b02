"""The rows of a partition that were asked for: what was sent with them, and who served then."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from core.domain.ids import VersionId
from core.domain.requested import Requested
from core.domain.scored import Scored
from core.ports import Objects, Ports
from functions.data.cohort_predictions import CohortPredictions
from functions.data.prediction_log import names_in, read_keys
from functions.data.request_log import Answers, answers_in, features_of, where_sent

if TYPE_CHECKING:
    import pyarrow as pa

_LOOKED_BACK = 400  # partitions


def predictions_of(model: str, partition: str, ports: Ports) -> CohortPredictions:
    """Read all that was predicted of a partition."""
    return CohortPredictions(
        ports.records.get(Scored, Scored.id_of(model, partition)),
        ports.records.get(Requested, Requested.id_of(model, partition)),
        ports.objects,
    )


def asked_for(
    model: str, partition: str, columns: Collection[str], ports: Ports
) -> "Iterator[tuple[pa.Table, pd.Index[str]]]":
    """Read the features of requested rows that were sent with all these columns, and their keys."""
    requested = ports.records.get(Requested, Requested.id_of(model, partition))
    for answers in answers_of(requested, ports.objects) if requested else ():
        sent = answers.only(where_sent(answers, [*columns]))
        if sent.table.num_rows:
            yield features_of(sent, [*columns]), sent.names


def answers_of(requested: Requested, objects: Objects) -> Iterator[Answers]:
    """Read what people got, with the rows as they were sent."""
    for logged in requested.served:
        yield answers_in(logged.key, logged.version, logged.stage, objects)


def not_between_arms(
    model: str, partition: str, version: VersionId, ports: Ports
) -> "pd.Index[str]":
    """Name the rows of a partition whose prediction says nothing of a canary beside a champion.

    They were served while it was no canary, so that no chance decided who serves them; or they were
    asked for while it was one, on a day before.
    """
    known: pd.Index[str] = pd.Index([], dtype="str")
    predictions = predictions_of(model, partition, ports)
    scored, requested = predictions.scored, predictions.requested
    if scored is not None and (scored.canary is None or scored.canary.version != version):
        known = known.union(read_keys(scored.served, ports.objects).difference(predictions.asked))
    for answers in answers_of(requested, ports.objects) if requested else ():
        canarys = np.array(answers.table.column("canary").to_pylist(), object)
        known = known.union(answers.names[canarys != version])
    before = ports.records.query(
        Requested, f"requested:{model}", after=partition, newest_first=True, limit=_LOOKED_BACK
    )
    for one in before:
        if one.log_of(version, "canary") is not None:
            known = known.union(names_in([log.key for log in one.served], ports.objects))
    return known
