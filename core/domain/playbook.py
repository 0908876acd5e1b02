"""What to do first about each class of error, and about data that does not come."""

from core.domain.origin import Nature, Origin
from core.domain.verdict import ErrorClass, Verdict

_NEXT_STEP = {
    ErrorClass.HARD: (
        "Do not trust the predictions of this partition. Ask the owner of {column} for the data "
        "again: a rewritten partition is checked by itself."
    ),
    ErrorClass.SOFT: (
        "Look at {column}: if the source lost, filled or converted values, ask for the data again; "
        "if they are right, resolve this as noise."
    ),
    ErrorClass.DRIFT: (
        "See whether the source of {column} changed or the world did: a changed source is a data "
        "bug; if the world moved, resolve this as real drift and retrain."
    ),
}
_NOTHING_LEFT = "Nothing is left to do; resolve it."
_OF_OUTPUT = {
    ErrorClass.HARD: (
        "Do not use the predictions of this partition. See what changed since they were right: "
        "if it was the version that serves, roll it back."
    ),
    ErrorClass.SOFT: "Look at the rows with these predictions, and at the version that served.",
    ErrorClass.DRIFT: (
        "The data looks as usual and the predictions do not: if another version serves since, see "
        "whether it is meant to predict so, or roll it back; else resolve this as real drift and "
        "retrain."
    ),
}
_OF_DRIFT = {
    Nature.NATURAL: (
        "The world seems to have moved: if you know of nothing that changed in the source of "
        "{column}, resolve this as real drift and retrain."
    ),
    Nature.UNNATURAL: (
        "Ask the owner of {column} what changed in its source, and for the data again; if nothing "
        "did, something sudden happened: resolve this as real drift, and retrain if it lasts."
    ),
}


def next_step(verdict: Verdict, origin: Origin | None = None) -> str:
    """Say what the person on call does first.

    Args:
        verdict: of the partition.
        origin: where the difference comes from; `None` where that is not known.
    """
    if verdict.error_class is None or not verdict.blamed:
        return _NOTHING_LEFT
    columns = " and ".join(f"`{blame.column}`" for blame in verdict.blamed[:2])
    step = _NEXT_STEP[verdict.error_class]
    if verdict.blamed[0].is_output:
        step = _OF_OUTPUT[verdict.error_class]
    elif origin and (verdict.error_class is ErrorClass.DRIFT or origin.nature is Nature.NATURAL):
        step = _OF_DRIFT[origin.nature]
    return step.format(column=columns)


def when_late(*, has_begun: bool) -> str:
    """Say what to do first about a partition that is not there in time."""
    if has_begun:
        return (
            "See whether the job that writes it stopped halfway. What has landed is neither "
            "checked nor scored; as soon as it is complete that happens by itself."
        )
    return (
        "Ask the owner of the source whether its run failed or is slow; the partition is checked "
        "by itself when it comes. If it never will, a holiday say, resolve this as an expected "
        "change."
    )


def when_it_came() -> str:
    """Say what is left to do when a late partition is there."""
    return _NOTHING_LEFT
