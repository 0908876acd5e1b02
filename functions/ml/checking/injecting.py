"""What a summary becomes when rows of a column go wrong: computed, nothing is read for it.

Rows that go wrong are taken to be like all others, so every fact and count of theirs follows.
Where a summary does not tell enough, each error says what is assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from functions.arrays import Counts, Floats, NumberColumn, WordColumn
from functions.ml.checking.column_profile import Fact
from functions.ml.checking.profile import Profile, profile_batch
from functions.ml.checking.ruler import NumberRuler, Ruler
from functions.ml.checking.summary import Summary

_CHANCE = 1.6  # how much the sum over some rows varies, in units of one of them
_A_TRIFLE = 1e-9  # keeps rounding up from taking a row more than was asked for


class Injection(Protocol):
    """An error of one kind in one column."""

    def spoiled(self, before: Summary, sizes: Floats) -> Summary:
        """Return summaries of this column with the error in them.

        Args:
            before: shape (n, ...), of this column alone.
            sizes: shape (n,).
        """
        ...

    def related(self, products: Floats, places: "Places", sizes: Floats) -> Floats:
        """Return what becomes of the products of a partition; shape (sizes, ...).

        Args:
            products: shape (related + 1, related + 1), of all columns.
            places: of this column among them.
            sizes: shape (sizes,).
        """
        ...


@dataclass(frozen=True)
class Places:
    """Where a column stands among what is related (`Ruler.related`)."""

    own: Counts
    null: int
    """Where it is said whether it is null; -1 where it never was, or is not related."""
    rows: float
    """Of the partition."""

    @classmethod
    def of(cls, column: str, ruler: Ruler, rows: float) -> "Places":
        """Look a column up."""
        own = [i for i, (name, _) in enumerate(ruler.related) if name == column]
        null = next((i for i in own if ruler.related[i][1] == ""), -1)
        return cls(np.array(own, dtype=np.int64), null, rows)

    def of_nulls(self, products: Floats) -> Floats:
        """Mean of each related number over all rows, those counted as 0 that have a value."""
        return products[self.null] if self.null >= 0 else np.zeros(len(products))

    def filled(self, products: Floats) -> Floats:
        """Mean of each related number over all rows, those counted as 0 that have none."""
        return np.asarray(products[-1] - self.of_nulls(products))


@dataclass(frozen=True)
class Like:
    """Some of the rows that have a value are like another row instead: no value, 0, a category.

    None of them is taken to hold the smallest or largest value, values to be equally frequent, and
    few rows to weigh in relations less than they should: which ones go wrong is chance.
    """

    row: Profile
    """On a ruler that has this column alone."""

    def spoiled(self, before: Summary, sizes: Floats) -> Summary:
        """See Injection; sizes are shares of the rows with a value, rounded up to whole rows."""
        nulls = before.facts[:, 0, Fact.NULLS]
        filled = before.rows - nulls
        put = np.ceil(sizes * filled - _A_TRIFLE)
        kept = (1 - put / np.maximum(filled, 1))[:, None]
        facts = before.facts * kept[..., None] + put[:, None, None] * self.row.facts
        facts[:, 0, Fact.NULLS] = nulls + put * self.row.facts[0, Fact.NULLS]
        is_left, is_put = kept > 0, (put > 0)[:, None]
        lows = np.where(is_left, before.lows, np.inf)
        highs = np.where(is_left, before.highs, -np.inf)
        each = np.maximum(filled[:, None] / np.maximum(before.distinct, 1), 1)
        left = before.distinct * (1 - (1 - kept) ** each)
        is_unknown = len(self.row.fresh[0][0]) > 0
        return _with(
            before,
            facts=facts,
            counts=before.counts * kept + put[:, None] * self.row.counts,
            lows=np.where(is_put, np.minimum(lows, self.row.lows), lows),
            highs=np.where(is_put, np.maximum(highs, self.row.highs), highs),
            distinct=left + (is_put & self._is_new(before)),
            new=before.new * kept + put[:, None] * is_unknown,
        )

    def _is_new(self, before: Summary) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
        """Say whether no row had this value, as far as a summary tells; shape (partitions, 1)."""
        for fact in (Fact.ZEROS, Fact.MINUS_ONES):
            if self.row.facts[0, fact]:
                return np.asarray(before.facts[:, :1, fact] == 0)
        has_value = bool(self.row.counts.any())
        return (
            np.asarray(before.counts[:, self.row.counts > 0].sum(axis=1) == 0)[:, None] & has_value
        )

    def related(self, products: Floats, places: Places, sizes: Floats) -> Floats:
        """See Injection."""
        own, put = places.own, self.row.products[-1, :-1]
        filled, of_nulls = places.filled(products), places.of_nulls(products)
        rows = np.maximum(places.rows * filled[-1] * sizes, 1)
        share = (sizes * np.maximum(1 - _CHANCE / np.sqrt(rows), 0))[:, None, None]
        before = products[own].copy()
        before[own == places.null] = 0  # among the rows that have a value
        some = (1 - share) * before + share * put[:, None] * filled
        some[:, :, own] = (1 - share) * before[:, own] + share * filled[-1] * np.outer(put, put)
        some[:, own == places.null] += of_nulls
        after = np.repeat(products[None], len(sizes), axis=0)
        after[:, own] = some
        after[:, :, own] = some.transpose(0, 2, 1)
        return after


@dataclass(frozen=True)
class Moved:
    """All values are larger, or smaller, by as much.

    Within a bin values are taken to lie evenly, and what has decimals to keep them.
    """

    rule: NumberRuler
    sign: int
    step: float | None
    """By which values differ at least, as their decimals have it; `None` where there is no step."""

    def spoiled(self, before: Summary, sizes: Floats) -> Summary:
        """See Injection; sizes are in the column's own unit."""
        by = self.sign * sizes
        facts, units = before.facts.copy(), by / self.rule.unit
        filled, total = before.rows - facts[:, 0, Fact.NULLS], before.facts[:, 0, Fact.TOTAL]
        facts[:, 0, Fact.SQUARES] += 2 * units * total + filled * units**2
        facts[:, 0, Fact.TOTAL] = total + filled * units
        marks = [0.0, self._after(0.0), -1.0, self._after(-1.0)]
        below = self._below(before, np.concatenate([self._edges, marks]) - by[:, None])
        facts[:, 0, Fact.NEGATIVES] = below[:, -4]
        facts[:, 0, Fact.ZEROS] = below[:, -3] - below[:, -4]
        facts[:, 0, Fact.MINUS_ONES] = below[:, -1] - below[:, -2]
        every = before.counts.sum(axis=1, keepdims=True)
        return _with(
            before,
            facts=facts,
            counts=np.diff(below[:, :-4], prepend=0, append=every),
            lows=before.lows + by[:, None],
            highs=before.highs + by[:, None],
        )

    def related(self, products: Floats, places: Places, sizes: Floats) -> Floats:
        """See Injection."""
        by = self.sign * sizes / self.rule.unit
        filled = places.filled(products)
        after = np.repeat(products[None], len(sizes), axis=0)
        for i in places.own[places.own != places.null]:
            after[:, i] += by[:, None] * filled
            after[:, :, i] = after[:, i]
            after[:, i, i] = products[i, i] + 2 * by * products[i, -1] + by**2 * filled[-1]
        return after

    @property
    def _edges(self) -> Floats:
        """Say where bins begin and end: at the next value there can be."""
        edges, scale = self.rule.edges, 10.0**self.rule.decimals
        if self.step is None:
            return edges
        nearest = np.rint(edges * scale)
        return np.where(nearest / scale >= edges, nearest, nearest + 1) / scale

    def _below(self, before: Summary, places: Floats) -> Floats:
        """Say how many values lie below some places; shape (n, places), as `places`."""
        edges, high = self._edges, before.highs + (self.step or 0.0)
        begins = np.maximum(np.concatenate([[-np.inf], edges]), before.lows)
        ends = np.maximum(np.minimum(np.concatenate([edges, [np.inf]]), high), begins)
        is_there = before.counts > 0  # a column without a value has no ends either
        begins, ends = np.where(is_there, begins, 0.0), np.where(is_there, ends, 1.0)
        widths = ends - begins
        past = places[:, :, None] - begins[:, None, :]
        is_wide = widths > 2 * np.spacing(np.abs(begins))  # else it is one value, and a step
        way = np.where(
            is_wide[:, None, :],
            np.clip(past / np.where(is_wide, widths, 1.0)[:, None, :], 0, 1),
            past > 0,
        )
        return np.asarray((way * before.counts[:, None, :]).sum(axis=2))

    def _after(self, value: float) -> float:
        return value + self.step if self.step else float(np.nextafter(value, np.inf))


def row_of(value: float | str | None, ruler: Ruler) -> Profile:
    """Profile one row of this value, or of none, on a ruler of one column."""
    [name] = ruler.names
    if value is None:
        return profile_batch({}, 1, ruler)
    if isinstance(value, str):
        return profile_batch({name: WordColumn(np.zeros(1, np.int64), [value])}, 1, ruler)
    return profile_batch({name: NumberColumn(np.array([value]))}, 1, ruler)


def unknown_word(words: Sequence[str]) -> str:
    """Make a word that none of these is and that looks like the first."""
    word = words[0] or "x"
    while word in words:
        word += word[-1]
    return word


def _with(before: Summary, **arrays: Floats) -> Summary:
    return replace(before, **arrays)  # type: ignore[arg-type]  # counts are computed in 64 bits
