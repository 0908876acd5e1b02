"""What an automated review finds in a training before anybody looks at its version."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Self

from core.domain.base import Value
from core.domain.wording import many, names, number, percent, plain

_MOST_LIBRARIES = 4
_SAME_BLOCKS = 0.01  # of the rows; fewer hardly change what is measured
_COPIES_BLOCK = 0.05
_WRONG_TIME_BLOCKS = 0.05


class Probe(StrEnum):
    """What is looked for; the name that stands on the card."""

    LEAK = "leak"
    """A feature that says more of the label than it can have known."""
    DUPLICATES = "duplicate rows"
    """Rows to judge by that were learned from."""
    FUTURE = "future date"
    """A date that lies behind the event, or an event behind its label."""
    LATER = "known later"
    """What a table of its own did not say yet when the same rows were scored."""
    FLIPS = "flipped labels"
    SEED = "not deterministic"
    PRIOR = "prior shift"
    """Other shares of the classes than among the rows it is judged by."""
    ENVIRONMENT = "other environment"


class ReviewFinding(Value):
    """One thing that the review found."""

    name: Probe
    sentence: str
    is_blocking: bool
    """Whether the version must not be promoted as it is.

    Only what is certain blocks: what is merely improbable is for people, and for the gate.
    """

    @classmethod
    def leak(cls, column: str, alone: float, rest: float) -> Self:
        """A feature explains far more alone than all the others together."""
        return cls(
            name=Probe.LEAK,
            sentence=f"`{plain(column)}` alone explains {percent(alone)} of the target on later "
            f"rows, all other features together {percent(max(rest, 0.0))}: it may be known only "
            "after the event.",
            is_blocking=False,
        )

    @classmethod
    def copy_of_target(cls, column: str) -> Self:
        """A feature is the target under another name."""
        return cls(
            name=Probe.LEAK,
            sentence=f"`{plain(column)}` says the target all but exactly on later rows: "
            "it is a copy of it.",
            is_blocking=True,
        )

    @classmethod
    def copy_of_prediction(cls, column: str, partition: str) -> Self:
        """A feature is what the model itself predicted."""
        return cls(
            name=Probe.LEAK,
            sentence=f"`{plain(column)}` of {partition} is what this model predicted for the very "
            "same rows: a model must not learn from itself.",
            is_blocking=True,
        )

    @classmethod
    def same_events(cls, share: float) -> Self:
        """The same events stand in both sets."""
        return cls(
            name=Probe.DUPLICATES,
            sentence=f"{percent(share)} of the rows it is judged by are events that it learned "
            "from, under the same name and time: their partitions overlap.",
            is_blocking=share >= _SAME_BLOCKS,
        )

    @classmethod
    def same_rows(cls, share: float, usual: float) -> Self:
        """More rows are alike in both sets than is usual in these data."""
        return cls(
            name=Probe.DUPLICATES,
            sentence=f"{percent(share)} of the rows it is judged by are exact copies of rows that "
            f"it learned from; {percent(usual)} are usual in these data.",
            is_blocking=share - usual >= _COPIES_BLOCK,
        )

    @classmethod
    def later_than_event(cls, column: str, share: float) -> Self:
        """A date among the features lies behind the event."""
        return cls(
            name=Probe.FUTURE,
            sentence=f"`{plain(column)}` holds dates, and {percent(share)} of them lie behind the "
            "event: unless these are plans, they are not known when it is predicted.",
            is_blocking=False,
        )

    @classmethod
    def event_after_label(cls, column: str, share: float, partition: str) -> Self:
        """Events take place after their label was due."""
        return cls(
            name=Probe.FUTURE,
            sentence=f"`{plain(column)}` puts {percent(share)} of the events behind the day on "
            f"which their label was due, first in {partition}: that day or that label is wrong.",
            is_blocking=share >= _WRONG_TIME_BLOCKS,
        )

    @classmethod
    def flips(cls, share: float, first: str, last: str) -> Self:
        """Part of the labels of some days is probably turned round."""
        return cls(
            name=Probe.FLIPS,
            sentence=f"About {percent(share)} of the labels of {first} to {last} are probably "
            "turned round: rows that are sure on all other days are not on any of these.",
            is_blocking=False,
        )

    @classmethod
    def known_later(cls, columns: Sequence[str], grown: int, scored: int) -> Self:
        """Rows were joined with more than their scoring could know; the gate sees what it costs."""
        return cls(
            name=Probe.LATER,
            sentence=f"In {grown} of {many(scored, 'partition')} that were scored, "
            f"{names(columns)} said something else then: rows became known, or landed, after the "
            "scoring. `known_minutes_before` says how long before its event a row is scored.",
            is_blocking=False,
        )

    @classmethod
    def seed(cls, difference: float) -> Self:
        """The same training gives another model each time."""
        return cls(
            name=Probe.SEED,
            sentence="Trained twice on the same rows with the same seed, its predictions differ by "
            f"up to {number(difference)}: it cannot be made again.",
            is_blocking=False,
        )

    @classmethod
    def prior(cls, what: str, learned: str, judged: str) -> Self:
        """The target is distributed otherwise among the rows it is judged by."""
        return cls(
            name=Probe.PRIOR,
            sentence=f"{what} is {judged} where it is judged and was {learned} where it learned: "
            "more than days differ by chance.",
            is_blocking=False,
        )

    @classmethod
    def environment(cls, here: Mapping[str, str], serving: Mapping[str, str]) -> Self | None:
        """Other libraries trained it than will serve it; `None` when they are the same."""
        differs = sorted(n for n in {*here, *serving} if here.get(n) != serving.get(n))
        if not differs:
            return None
        told = [
            f"{name} {here.get(name, 'none')} (serving: {serving.get(name, 'none')})"
            for name in differs
        ]
        return cls(
            name=Probe.ENVIRONMENT,
            sentence=f"It was trained in another environment than scoring has: "
            f"{names(told[:_MOST_LIBRARIES])}.",
            is_blocking=False,
        )
