"""From the arrays of trusted partitions to a reference: first the bins, then what is usual."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from core.domain.model_config import Column, ModelConfig
from core.domain.reference import ColumnReference, Reference
from core.domain.summary import Summary
from functions.data.arrow_columns import Numbers, Words
from functions.data.partitions import PartitionArrays
from functions.flows.summarise import shown, summarise_column
from functions.ml.bins import freeze_edges, freeze_words
from functions.ml.calibrate import limit_of
from functions.ml.learn import Frozen, Track, learn_column, learn_rows, unseen_shares, worst_scores


def reference_of(config: ModelConfig, days: Mapping[str, PartitionArrays]) -> Reference:
    """Learn a reference.

    Args:
        config: the model.
        days: at least one trusted partition by name, each with all columns of the config.
    """
    names = sorted(days)
    columns: dict[str, ColumnReference] = {}
    tracks: list[Track] = []
    for name, column in config.columns.items():
        taken = [days[day].columns[name] for day in names]
        frozen = _frozen(taken, column, is_sensitive=name in config.sensitive)
        summaries = [
            summarise_column(
                day, frozen.edges, frozen.words, allowed=None, is_sensitive=frozen.is_sensitive
            )
            for day in taken
        ]
        columns[name], of_column = learn_column(summaries, frozen)
        tracks += of_column
    rows, of_rows = learn_rows([_row_count(name, days[name]) for name in names])
    scores = worst_scores([*tracks, of_rows], len(names))
    return Reference(
        model=config.model,
        config_hash=config.hash,
        partitions=tuple(names),
        columns=columns,
        rows=rows,
        limit=limit_of(scores, config.alerts.partitions_per_false_alarm),
    )


def _frozen(days: Sequence[Numbers | Words], column: Column, *, is_sensitive: bool) -> Frozen:
    numbers = [day.values for day in days if isinstance(day, Numbers)]
    words = [shown(day.counts, is_sensitive=is_sensitive) for day in days if isinstance(day, Words)]
    together: Counter[str] = Counter()
    for counts in words:
        together.update(counts)
    return Frozen(
        is_sensitive=is_sensitive,
        unit=column.unit,
        edges=tuple(freeze_edges(np.concatenate([np.empty(0), *numbers])).tolist()),
        words=freeze_words(together),
        unseen=unseen_shares(words),
    )


def _row_count(name: str, arrays: PartitionArrays) -> Summary:
    return Summary(partition=name, rows=arrays.rows, duplicates=arrays.duplicates, columns={})
