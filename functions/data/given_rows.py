"""Rows to learn from that were given in memory: a frame, cut in time as partitions are."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from core.domain.errors import BadData
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.partition import starts_at
from core.domain.version import UsedPartition
from core.domain.wording import many, names
from core.ports import Objects
from functions.arrays import Counts, Floats
from functions.data.arrow_batch import in_words, plain
from functions.data.as_of_join import events_of, is_odd
from functions.data.feature_rows import as_of_tables
from functions.data.label_store import Labels
from functions.data.training_set import LabelledPartition, TrainingSet, cut_in_time
from functions.data.truths import truths_of

UNHASHED: Final = "rows that were given from Python"
_US_PER_DAY: Final = 86_400_000_000
_FIRST, _LAST = (int(starts_at(day).timestamp()) * 10**6 for day in ("1900-01-01", "2200-01-01"))


class WrongRows(BadData):
    """The rows are not what the config says they are."""

    def __init__(self, why: str) -> None:
        super().__init__(f"These rows cannot be learned from: {why}.")


def given_rows(
    config: ModelConfig, frame: pd.DataFrame, objects: Objects, up_to: str | None = None
) -> TrainingSet:
    """Take the newest days of a frame, and keep the newest of these back, as a schedule does.

    Rows without a label are passed over. Days that the config pins are judged on, never learned
    from. Columns of a table of its own that the frame lacks are joined to it.

    Args:
        config: names key, event time, target and features, all of them columns of the frame.
        frame: a row for each event, in the order in which they are learned from within a day.
        objects: where tables of their own lie.
        up_to: the newest day to learn from or judge on; `None` for the newest there is.

    Raises:
        WrongRows: the frame is not what the config says.
        BadData: a label is not what the target can be, or a table cannot be joined.
    """
    if config.serving == "elsewhere":
        raise WrongRows(f"`{config.model}` is served elsewhere, so nothing is trained")
    rows = _table(config, frame)
    labels = truths_of(rows, config, "these rows")
    days, which = np.unique(_days(config, rows), return_inverse=True)
    tables = as_of_tables(_lacking(config, rows), objects)
    window: list[LabelledPartition] = []
    for place, number in enumerate(days):
        day = str(np.datetime64(int(number), "D"))
        taken = np.flatnonzero((which == place) & ~np.isnan(labels))
        is_asked_for = up_to is None or day <= up_to
        if not (len(taken) and is_asked_for) or day in config.evaluation.pinned:
            continue
        one = _partition(config, day, rows.take(pa.array(taken)), labels[taken])
        if tables is not None:
            around = tables.around(day)
            joined, name = around.joined(one.features)
            hashed = content_hash(f"{one.used.features_hash} {name}".encode())
            used = one.used.model_copy(update={"features_hash": hashed})
            one = replace(one, used=used, features=joined, tables=around.used)
        window.append(one)
    found = cut_in_time(window[-config.training.window_days :], config)
    return replace(found, unhashed=(UNHASHED,))


def _table(config: ModelConfig, frame: pd.DataFrame) -> pa.Table:
    """Take the columns that are needed; a key may be the frame's index."""
    key = config.data.key
    frame = frame.reset_index() if key in frame.index.names else frame
    if twice := sorted({str(name) for name in frame.columns[frame.columns.duplicated()]}):
        raise WrongRows(f"there twice: {names(twice)}")
    of_rows = (key, config.data.event_time, config.target.column, *config.data.joined_by)
    own = (name for name in config.columns if name not in config.data.joined)
    needed = list(dict.fromkeys((*of_rows, *own)))
    if missing := [name for name in needed if name not in frame.columns]:
        raise WrongRows(f"they lack {names(missing)}")
    more = [name for name in config.data.joined if name in frame.columns]
    try:
        table = pa.Table.from_pandas(frame[[*needed, *more]], preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise WrongRows("a column holds values of several kinds") from error
    for field in table.schema:
        if is_odd(field.type):
            raise WrongRows(f"`{field.name}` holds {in_words(field.type)}")
    table = pa.table({name: plain(table.column(name)) for name in table.column_names})
    keys = table.column(key).cast(pa.string())
    if keys.null_count:
        raise WrongRows(f"`{key}` is empty in {many(keys.null_count, 'row')}")
    if same := len(keys) - pc.count_distinct(keys).as_py():
        raise WrongRows(f"of {many(same, 'row')} an earlier one has the same `{key}`")
    return table


def _days(config: ModelConfig, rows: pa.Table) -> Counts:
    """Say of each row on which day of UTC its event takes place, counted since 1970."""
    time = config.data.event_time
    events = events_of(rows.column(time))
    if events is None:
        raise WrongRows(f"`{time}` holds no times, or some with a zone and some without")
    is_day = (events >= _FIRST) & (events < _LAST)
    if not is_day.all():
        raise WrongRows(f"`{time}` says no time in {many(int((~is_day).sum()), 'row')}")
    return events // _US_PER_DAY


def _lacking(config: ModelConfig, rows: pa.Table) -> ModelConfig:
    """Leave those tables to be joined whose columns the rows do not bring along."""
    there = {*rows.column_names}
    lacking = tuple(of for of in config.data.as_of if not there.issuperset(of.columns))
    data = config.data.model_copy(update={"as_of": lacking})
    return config.model_copy(update={"data": data})


def _partition(config: ModelConfig, day: str, rows: pa.Table, labels: Floats) -> LabelledPartition:
    features = rows.drop_columns([config.target.column])
    sink = pa.BufferOutputStream()
    csv.write_csv(features, sink)
    keys = pd.Index(rows.column(config.data.key).cast(pa.string()).to_pylist(), dtype="str")
    said = Labels(pd.Series(labels, index=keys).sort_index(), config.target.classes)
    used = UsedPartition(
        partition=day,
        features_hash=content_hash(sink.getvalue().to_pybytes()),
        labels_hash=said.content_hash,
        rows=len(labels),
    )
    return LabelledPartition(used, features, labels)
