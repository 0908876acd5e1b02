"""What to do first about each class of error."""

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


def next_step(verdict: Verdict) -> str:
    """Say what the person on call does first."""
    if verdict.error_class is None or not verdict.blamed:
        return "Nothing is left to do; resolve it."
    columns = " and ".join(f"`{blame.column}`" for blame in verdict.blamed[:2])
    return _NEXT_STEP[verdict.error_class].format(column=columns)
