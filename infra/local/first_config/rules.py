"""What a column seems to be good for: rules over facts. A person decides; these only propose."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from infra.local.first_config.columns import ColumnSeen, Holds

_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_SAYABLE: Final = re.compile(r"[^\x00-\x1f\x7f\u2028\u2029`]{1,100}")  # as ModelConfig asks
_NAMES_ROWS: Final = frozenset({"id", "key", "uuid", "guid", "pk", "number", "no"})
_CODES: Final = frozenset({"id", "code", "zip", "plz", "postcode", "zipcode", "sku"})
_TIMES: Final = frozenset(
    {"time", "timestamp", "ts", "at", "date", "datetime", "event", "scheduled", "departure"}
)
_TARGETS: Final = frozenset(
    {"target", "label", "y", "outcome", "late", "churn", "churned", "fraud", "default", "clicked"}
    | {"converted", "conversion", "bought", "returned", "cancelled", "truth"}
)
_SCORES: Final = frozenset({"score", "probability", "prob", "proba", "prediction", "p"})
_MOST_DISTINCT: Final = 0.5  # of a partition's rows: more names, and it hardly repeats
_FEWEST_DISTINCT: Final = 20  # fewer say nothing of that
_MOST: Final = 0.5  # of the words that were seen
_PANDAS_INDEX: Final = re.compile(r"__index_level_\d+__|Unnamed: \d+|")  # the last: in CSV


@dataclass(frozen=True)
class Watched:
    """A column that is worth watching."""

    column: str
    type: Literal["number", "category"]
    remark: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """A column that is not watched, and why."""

    column: str
    why: str


def words_of(name: str) -> list[str]:
    """Take the name of a column apart.

    >>> words_of("customerEmail_v2"), words_of("IP address")
    (['customer', 'email', 'v', '2'], ['ip', 'address'])
    """
    return [word.lower() for word in _WORD.findall(name)]


def key_candidates(features: Sequence[ColumnSeen], others: Iterable[str]) -> list[str]:
    """Name the columns that can name rows, the likeliest first.

    Args:
        features: the columns of the features.
        others: columns that labels and predictions have, too: a key is in all of them.
    """
    shared = set(others)
    fits = [
        column
        for column in features
        if column.is_unique
        and set(column.holds) <= {Holds.TEXT, Holds.WHOLE}
        and not column.is_time
        and not _is_prose(column)
        and not _PANDAS_INDEX.fullmatch(column.name)
        and (_is_named(column, _NAMES_ROWS) or column.name in shared or Holds.TEXT in column.holds)
    ]
    if shared and any(column.name in shared for column in fits):
        fits = [column for column in fits if column.name in shared]
    return [c.name for c in sorted(fits, key=lambda c: not _is_named(c, _NAMES_ROWS))]


def is_called_a_key(name: str) -> bool:
    """Say whether a column's name alone tells that it names rows.

    >>> is_called_a_key("flight_id"), is_called_a_key("paid")
    (True, False)
    """
    return bool(_NAMES_ROWS & set(words_of(name)))


def is_called_a_target(name: str) -> bool:
    """Say whether a column's name alone tells that it is what is predicted.

    >>> is_called_a_target("churned"), is_called_a_target("carrier")
    (True, False)
    """
    return bool(_TARGETS & set(words_of(name)))


def time_candidates(features: Sequence[ColumnSeen]) -> list[str]:
    """Name the columns that can say when a row's event takes place, the likeliest first."""

    def order(column: ColumnSeen) -> tuple[bool, float, bool, float]:
        is_named = _is_named(column, _TIMES)
        return bool(column.nulls), -round(column.near, 1), not is_named, -column.most_distinct

    times = (column for column in features if column.is_time and not column.is_partition)
    return [column.name for column in sorted(times, key=order)]


def target_candidates(labels: Sequence[ColumnSeen], features: Sequence[ColumnSeen]) -> list[str]:
    """Name the 0/1 columns that can be what is predicted, the likeliest first.

    Args:
        labels: the columns of the labels; where there are none, the target stands among the
            features, and only its name tells it.
        features: the columns of the features.
    """
    if not labels:
        return [c.name for c in features if c.is_zero_or_one and _is_named(c, _TARGETS)]
    known = {column.name for column in features}

    def order(column: ColumnSeen) -> tuple[bool, bool]:
        return column.name in known, not _is_named(column, _TARGETS)

    fits = (column for column in labels if column.is_zero_or_one)
    return [column.name for column in sorted(fits, key=order)]


def score_candidates(predictions: Sequence[ColumnSeen]) -> list[str]:
    """Name the columns that can be a predicted probability, the likeliest first."""
    fits = (column for column in predictions if column.is_share)
    return [c.name for c in sorted(fits, key=lambda c: not _is_named(c, _SCORES))]


def number_candidates(predictions: Sequence[ColumnSeen]) -> list[str]:
    """Name the columns that can be a predicted number, the likeliest first."""
    fits = (
        column
        for column in predictions
        if column.low is not None
        and set(column.holds) <= {Holds.WHOLE, Holds.NUMBER}
        and not is_called_a_key(column.name)
    )
    return [c.name for c in sorted(fits, key=lambda c: not _is_named(c, _SCORES))]


def columns_of_classes(predictions: Sequence[ColumnSeen], classes: Sequence[str]) -> list[str]:
    """Name for each class the column with its probability: one that is called like it.

    Returns:
        In the order of the classes; none unless each has a column of its own.
    """
    shares = [column.name for column in predictions if column.is_share]
    found = [[name for name in shares if _ends_with(name, of)] for of in classes]
    if any(len(names) != 1 for names in found):
        return []
    return [name for names in found for name in names]


def _ends_with(name: str, of: str) -> bool:
    wanted = [word.lower() for word in _WORD.findall(of)]
    return bool(wanted) and words_of(name)[-len(wanted) :] == wanted


def judged(column: ColumnSeen, partitions: int) -> Watched | LeftOut:
    """Say whether a feature is watched, and as what.

    Args:
        column: a column that is neither key nor event time nor target.
        partitions: how many were read.
    """
    why = _why_left_out(column, partitions)
    if why is not None:
        return LeftOut(column.name, why)
    few = column.partitions < partitions
    late = "not in every partition that was read: only those that have it are learned from"
    if set(column.holds) <= {Holds.WHOLE, Holds.NUMBER, Holds.FLAG}:
        is_code = set(column.holds) == {Holds.WHOLE} and bool(_CODES & set(words_of(column.name)))
        if is_code:
            return Watched(column.name, "category", "a code, though it is written as a number")
        return Watched(column.name, "number", late if few else None)
    if len(column.holds) > 1:
        kinds = " or ".join(column.holds)
        return Watched(column.name, "category", f"{kinds}, from partition to partition")
    if column.words and all(_is_number(word) for word in column.words):
        return Watched(column.name, "category", "numbers written as text")
    return Watched(column.name, "category", late if few else None)


def _why_left_out(column: ColumnSeen, partitions: int) -> str | None:
    """Say why a column cannot be watched, or is not worth it."""
    reasons = (
        (column.is_twice, "stands more than once in a file"),
        (_PANDAS_INDEX.fullmatch(column.name) is not None, "is the index of a data frame"),
        (_SAYABLE.fullmatch(column.name) is None, "has a name that no sentence can hold"),
        (not column.is_in_newest, "is not in the newest partition"),
        (column.partitions * 2 < partitions, "is in few of the partitions that were read"),
        (bool({Holds.NESTED, Holds.OTHER} & set(column.holds)), _what(column)),
        (set(column.holds) == {Holds.NOTHING}, "holds nothing but nulls so far"),
        (column.is_partition, "repeats the partition's day"),
        (column.is_time, "holds times, which are new each day"),
        (column.is_unread_time, "holds dates, which are new each day"),
        (_hardly_repeats(column), "hardly ever repeats a value, as names and free text do"),
    )
    return next((why for applies, why in reasons if applies), None)


def _what(column: ColumnSeen) -> str:
    return f"holds {next((h for h in column.holds if h in _UNWATCHABLE), '')}"


_UNWATCHABLE: Final = frozenset({Holds.NESTED, Holds.OTHER})


def _hardly_repeats(column: ColumnSeen) -> bool:
    is_named = bool(_NAMES_ROWS & set(words_of(column.name))) and Holds.WHOLE in column.holds
    of_words = Holds.TEXT in column.holds or is_named
    some = len(column.words) >= _FEWEST_DISTINCT or Holds.TEXT not in column.holds
    return of_words and some and column.most_distinct > _MOST_DISTINCT


def _is_prose(column: ColumnSeen) -> bool:
    """Say whether most of its words are several: that is text for people, not a name of rows."""
    several = sum(len(word.split()) > 1 for word in column.words)
    return several > _MOST * len(column.words)


def _is_named(column: ColumnSeen, names: frozenset[str]) -> bool:
    return bool(names & set(words_of(column.name)))


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
