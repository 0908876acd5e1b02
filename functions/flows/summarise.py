"""From a partition's arrays to its summary; a sensitive column leaves its values behind here."""

from collections.abc import Mapping, Sequence

import numpy as np

from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.reference import Reference
from core.domain.summary import ColumnSummary, Summary
from core.domain.wording import Span
from functions.data.arrow_columns import Numbers, Words
from functions.data.partitions import PartitionArrays
from functions.ml.profile import profile_numbers, profile_words


def summarise(
    partition: str,
    arrays: PartitionArrays,
    config: ModelConfig,
    reference: Reference | None,
) -> Summary:
    """Summarise a partition on the bins of a reference; `None`: without bins."""
    known = reference.columns if reference else {}
    columns: dict[str, ColumnSummary] = {}
    for name, column in arrays.columns.items():
        of = known.get(name)
        edges, words = (of.edges, of.words) if of else ((), ())
        allowed = of.promise.range if of else None
        is_sensitive = name in config.sensitive
        columns[name] = summarise_column(
            column, edges, words, allowed=allowed, is_sensitive=is_sensitive
        )
    return Summary(
        partition=partition,
        rows=arrays.rows,
        duplicates=arrays.duplicates,
        nameless=arrays.nameless,
        columns=columns,
        missing=arrays.missing,
        mistyped=dict(arrays.mistyped),
        unreadable=arrays.unreadable,
    )


def summarise_column(
    column: Numbers | Words,
    edges: Sequence[float],
    words: Sequence[str],
    *,
    allowed: Span | None,
    is_sensitive: bool,
) -> ColumnSummary:
    """Summarise one column on frozen bins."""
    if isinstance(column, Words):
        return profile_words(shown(column.counts, is_sensitive=is_sensitive), column.nulls, words)
    return profile_numbers(
        column.values,
        column.nulls,
        np.array(edges, dtype=np.float64),
        allowed=allowed,
        is_sensitive=is_sensitive,
    )


def shown(counts: Mapping[str, int], *, is_sensitive: bool) -> Mapping[str, int]:
    """Return the categories as they may be kept: those of a sensitive column as hashes."""
    if not is_sensitive:
        return counts
    return {content_hash(word.encode()): rows for word, rows in counts.items()}
