"""What a history says of the same time a year ago: which partitions, and how they stood out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

import numpy as np

from functions.arrays import Counts, Flags, Floats, or_zero

WINDOW = 200
"""Partitions that say how much partitions differ: what is older says little about today."""

_HOURS_A_DAY = 24
_WEEKS = (51, 52, 53)  # before: of the same day of the week, one alone says little
_DAYS = (364, 365, 366)  # before: a holiday has its date, or its day of a week
_BEFORE, _AFTER = 35, 8  # days around a year ago: what came before says what was usual then
_UNSETTLED = 12  # of the first partitions: the level before them is not known yet
_STANDS_OUT = 3.0  # times what is usual
_DAY_LENGTH = 10  # letters of a partition's name


def moments_of(partitions: Sequence[str]) -> Counts:
    """Say when each partition began, in hours; shape (partitions,)."""
    return np.array(
        [
            date.fromisoformat(name[:_DAY_LENGTH]).toordinal() * _HOURS_A_DAY
            + int(name[_DAY_LENGTH + 1 :] or 0)
            for name in partitions
        ],
        dtype=np.int64,
    )


def worth_comparing(moments: Counts | None, partitions: int) -> Counts:
    """Choose from a history the newest partitions, and those around the same time a year ago.

    Args:
        moments: shape (partitions + 1,), of `moments_of`, the last that of the one in question;
            `None` where they are not known.
        partitions: how many there are.

    Returns:
        shape (chosen,): their places.
    """
    is_chosen = np.arange(partitions) >= partitions - WINDOW
    if moments is not None:
        away = moments[:-1] - (moments[-1] - _DAYS[0] * _HOURS_A_DAY)
        is_chosen |= (away >= -_BEFORE * _HOURS_A_DAY) & (away <= _AFTER * _HOURS_A_DAY)
    return np.flatnonzero(is_chosen)


@dataclass(frozen=True)
class LastYear:
    """Where the partitions of a year before stand."""

    weeks: Counts
    """Shape (3, partitions + 1): of the same day of the week; -1 where there is none."""
    days: Counts
    """Shape (3, partitions + 1): of the same day of the week or the same date."""

    @classmethod
    def of(cls, moments: Counts | None) -> Self | None:
        """Look them up; `None` where the last partition has no year before it.

        Args:
            moments: shape (partitions + 1,), of `moments_of`; `None` where they are not known.
        """
        if moments is None:
            return None
        at = {int(m): place for place, m in enumerate(moments[:-1]) if place >= _UNSETTLED}

        def places(days: Sequence[int]) -> Counts:
            before = [[at.get(int(m) - _HOURS_A_DAY * d, -1) for m in moments] for d in days]
            return np.array(before, dtype=np.int64)

        found = cls(places([7 * weeks for weeks in _WEEKS]), places(_DAYS))
        return found if found.is_known[-1] else None

    @cached_property
    def is_known(self) -> Flags:
        """Shape (partitions + 1,): whether there is a year before."""
        return np.asarray((self.weeks >= 0).any(axis=0))

    def rise(self, off: Floats) -> Floats:
        """Say how far a year before lay from its level; shape (partitions + 1, series).

        Args:
            off: shape (partitions, series): values less the level before each of them.
        """
        padded = np.vstack([off, np.zeros_like(off[:1])])  # a place of -1 adds nothing
        total = padded[self.weeks[0]] + padded[self.weeks[1]] + padded[self.weeks[2]]
        there = (self.weeks >= 0).sum(axis=0)
        return np.asarray(total / np.maximum(there, 1)[:, None])

    def nearer(self, errors: Floats, values: Floats, levels: Floats) -> Floats:
        """Forgive what stood out as much on the same day a year ago, as a holiday does.

        Where a value stood out then, the error is from what was usual or from that, whichever is
        smaller; no error ever becomes larger.

        Args:
            errors: shape (partitions + 1, series), of the forecasts.
            values: of the same shape.
            levels: of the same shape, before each partition.
        """
        off = or_zero(values - levels)
        usual = np.sqrt((off[:-1] ** 2).mean(axis=0))
        stood_out = np.where(np.abs(off) > _STANDS_OUT * usual, off, 0.0)
        stood_out[-1] = 0.0  # where a place of -1 points
        nearer = errors.copy()
        for places in self.days:
            for i in np.flatnonzero(stood_out[places].any(axis=1)):
                then = stood_out[places[i]]
                as_then = values[i] - levels[i] - then
                is_nearer = (then != 0) & (np.abs(as_then) < np.abs(nearer[i]))
                nearer[i] = np.where(is_nearer, as_then, nearer[i])
        return nearer
