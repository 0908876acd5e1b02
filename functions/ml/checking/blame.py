"""Which column to name first where several give an error away; what is told stays told."""

from collections.abc import Mapping

import numpy as np

from functions.arrays import Floats

_LEAST_SHIFT = 0.1  # of the rows
_FEWEST = 2  # columns that moved
_AHEAD = 1e-6


def shifts_beyond(sizes: Floats) -> Floats:
    """Say which share of rows lies in other bins than forecast, beyond what is usual.

    Args:
        sizes: shape (partitions + 1, columns), 0..1: how far off the forecasts of each column's
            shares were; the last ones are in question.

    Returns:
        shape (columns,), 0..1.
    """
    usual = (sizes[:-1] ** 2).mean(axis=0)
    return np.asarray(np.sqrt(np.maximum(sizes[-1] ** 2 - usual, 0)))


def ends_of_relations(
    told: Mapping[str, float], moved: Mapping[str, float], partners: Mapping[str, tuple[str, ...]]
) -> dict[str, float]:
    """Hand a broken relation to the one of its columns that moved most by itself.

    A sum no longer fits when one of its parts is wrong: the sum is what shows it, the part is what
    moved. The column whose regression broke keeps as much of the blame as it moved in comparison.

    Args:
        told: of each column that was regressed, the score of its finding; 1 is at the limit.
        moved: of each column, how far it moved, in units of its own limit.
        partners: of each column that was regressed, itself and those that it follows most.

    Returns:
        the score of each column's finding.
    """
    found = dict(told)
    broken = {name: score for name, score in told.items() if score >= 1}
    pointed = {name: max(partners[name], key=lambda other: moved[other]) for name in broken}
    for name, score in broken.items():
        if moved[pointed[name]] > moved[name]:
            found[name] = 1 + (score - 1) * moved[name] / moved[pointed[name]]
    for name, score in broken.items():
        found[pointed[name]] = max(found.get(pointed[name], 0.0), score)
    return found


def with_chosen_rows(
    scores: Mapping[str, float], shifts: Mapping[str, float], *, are_repeated: bool
) -> dict[str, float]:
    """Put the column first by which rows were chosen, where rows seem to have been chosen.

    Where rows of one kind are missing, or come twice, many columns move together. What goes with
    the column that rows were chosen by cannot move by a larger share of rows than this column
    itself, but may well be more surprising, as what hardly ever moves. So the one with the
    largest shift is blamed as much as the worst; where rows come twice, in any case. Of columns
    that reach no limit themselves, those that shifted most come first: rows may have been chosen by
    what varies much by nature.

    Args:
        scores: of columns and of rows as a whole, in units of the limit.
        shifts: of each column, see `shifts_beyond`.
        are_repeated: whether rows come twice that usually do not.

    Source: the data processing inequality, for the total variation distance; Polyanskiy and Wu,
    Information Theory (2025), chapter 7.
    """
    shifted = [name for name in shifts if shifts[name] >= _LEAST_SHIFT]
    shifted.sort(key=lambda name: shifts[name], reverse=True)
    moved = sum(scores[name] >= 1 for name in shifts)
    if not shifted or not (moved or are_repeated):
        return dict(scores)
    quiet = [name for name in shifted if scores[name] < 1]
    found = {**scores, **{name: 1 - _AHEAD * (at + 1) for at, name in enumerate(quiet)}}
    if are_repeated or moved >= _FEWEST:
        worst = max(scores[name] for name in shifts)
        found[shifted[0]] = (max(worst, 1.0) if are_repeated else worst) + _AHEAD
    return found
