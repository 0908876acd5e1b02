"""What a review finds in the rows themselves: copies across the cut in time, and dates too late."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from core.domain.cohort import labels_due
from core.domain.model_config import Column, ModelConfig
from core.domain.partition import starts_at
from core.domain.review import ReviewFinding
from functions.data.training_set import LabelledPartition, TrainingSet
from functions.flows.training.review_sample import Sample, sample_of
from functions.ml.columns import select
from functions.ml.training.copied_rows import is_unusual, most_telling, row_hashes, share_among
from functions.ml.training.dates import DAY_S, moments_of, share_later

_LOOKED_AT: Final = 5000  # rows to judge by; a copy is looked for among all that are learned from
_OLDER: Final = 2 / 3  # of the partitions: what the newer ones have in common with them is usual
_LEAST_SAME: Final = 0.001
_LEAST_LATER: Final = 0.05
_LEAST_AFTER: Final = 0.001


def copies_across(config: ModelConfig, rows: TrainingSet) -> Iterator[ReviewFinding]:
    """Say whether rows to judge by were learned from: by name and time, else by all they hold."""
    judged = sample_of(rows.validation, config.columns, _LOOKED_AT)
    learned = rows.learning.partitions
    same = _same_events(config, judged, learned)
    if same >= _LEAST_SAME:
        yield ReviewFinding.same_events(same)
        return
    share = _copied(judged, learned)
    cut = max(round(_OLDER * len(learned)), 1)
    if len(learned) == cut:
        return
    newer = sample_of(type(rows.learning)(learned[cut:]), config.columns, _LOOKED_AT)
    usual = min(_copied(newer, learned[:cut]) / _OLDER, 1.0)
    if is_unusual(share, usual, judged.rows):
        yield ReviewFinding.same_rows(share, usual)


def dates_too_late(config: ModelConfig, sample: Sample) -> Iterator[ReviewFinding]:
    """Say which features hold dates that lie behind the event, and which events behind labels."""
    about = starts_at(sample.partitions[-1]).timestamp()
    events = _moments(sample, config.data.event_time, about)
    if events is None:
        return
    yield from _after_labels(config, sample, events)
    features = sample.features()
    for name in features:
        moments = moments_of(features[name], about)
        share = 0.0 if moments is None else share_later(moments, events)
        if share >= _LEAST_LATER:
            yield ReviewFinding.later_than_event(str(name), share)


def _after_labels(
    config: ModelConfig, sample: Sample, events: NDArray[np.float64]
) -> Iterator[ReviewFinding]:
    """A day is let pass: partitions may follow another clock than UTC."""
    due = [labels_due(name, config.target).timestamp() + DAY_S for name in sample.partitions]
    is_after = events > np.array(due)[sample.days]
    if np.mean(is_after) >= _LEAST_AFTER:
        first = sample.partitions[int(sample.days[is_after][0])]
        share = float(np.mean(is_after))
        yield ReviewFinding.event_after_label(config.data.event_time, share, first)


def _moments(sample: Sample, column: str, about: float) -> NDArray[np.float64] | None:
    """Read the event time of each row as it landed; `None` where it is no time, or not there."""
    parts = []
    for table in sample.tables:
        if not _has_names(table, column):
            return None
        values = table.column(column)
        if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
            values = values.cast(pa.timestamp("us"), safe=False).cast(pa.int64())
            parts.append(pc.divide(values.cast(pa.float64(), safe=False), 1e6).to_numpy())
            continue
        series = values.to_pandas()
        is_text = not pd.api.types.is_numeric_dtype(series)
        moments = moments_of(series.fillna("").astype("str") if is_text else series, about)
        if moments is None:
            return None
        parts.append(moments)
    return np.concatenate(parts)


def _same_events(
    config: ModelConfig, judged: Sample, learned: tuple[LabelledPartition, ...]
) -> float:
    """Say which share of the rows stands among those learned from, under its name and time."""
    key, time = config.data.key, config.data.event_time
    if not all(_has_names(table, time) for table in judged.tables):
        return 0.0
    names = pa.concat_arrays([_texts(table, key) for table in judged.tables])
    found = [
        _named(one.features.filter(pc.is_in(_texts(one.features, key), value_set=names)), key, time)
        for one in learned
        if _has_names(one.features, time)
    ]
    wanted = pd.concat([_named(table, key, time) for table in judged.tables])
    return share_among(row_hashes(wanted), row_hashes(pd.concat(found)) if found else np.array([]))


def _has_names(table: pa.Table, column: str) -> bool:
    """Say whether a column is there and can be written out as text."""
    kind = table.schema.field(column).type if column in table.column_names else None
    return kind is not None and not pa.types.is_nested(kind) and "binary" not in str(kind)


def _named(table: pa.Table, key: str, time: str) -> pd.DataFrame:
    return pd.DataFrame({n: _texts(table, n).to_pandas().astype("str") for n in (key, time)})


def _texts(table: pa.Table, column: str) -> pa.Array:
    return table.column(column).cast(pa.string()).combine_chunks()


def _copied(judged: Sample, learned: tuple[LabelledPartition, ...]) -> float:
    """Say which share of the rows has an exact copy among those learned from."""
    features = judged.features()
    told = most_telling(features)
    found = [_candidates(one.features, features[told], judged.columns) for one in learned]
    return share_among(row_hashes(features), row_hashes(pd.concat(found)))


def _candidates(
    table: pa.Table, values: "pd.Series[float]", columns: Mapping[str, Column]
) -> pd.DataFrame:
    """Read the rows that agree in one column with any of those wanted; most do not."""
    name = str(values.name)
    is_possible = select(table, {name: columns[name]})[name].isin(values.unique())
    return select(table.filter(pa.array(is_possible.to_numpy())), columns)
