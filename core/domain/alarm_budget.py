"""One alarm budget for all that is judged of a model: its partitions, and how it left its training.

    check check check check check check check + skew     7 partitions, 8 judgements, one budget

Of seven partitions each is checked by itself, and once all of them are compared with what the
champion learned from. Each of these eight may be a false alarm as seldom as the others, so that
together they keep to the one budget that the config states.
"""

from math import ceil
from typing import Final

from core.domain.model_config import ModelConfig

NEWEST: Final = 7
"""Partitions that are compared with a training together: days fill a week, and one may be odd."""


def judgements_per_false_alarm(config: ModelConfig) -> int:
    """Say how seldom one judgement, over all columns, may be a false alarm.

    Where another system predicts nothing is compared with a training: checks have all the budget.
    """
    stated = config.alerts.partitions_per_false_alarm
    return stated if config.serving == "elsewhere" else ceil(stated * (NEWEST + 1) / NEWEST)


def budget_in_words(config: ModelConfig) -> str:
    """Say it for a person."""
    stated = config.alerts.partitions_per_false_alarm
    words = f"about one false alarm in {stated} partitions, over all columns"
    if config.serving == "elsewhere":
        return words
    return f"{words}; an eighth of it for comparing them with the champion's training"
