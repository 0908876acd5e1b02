"""Why a team's own trainer made no version, each reason in its own sentence."""

from core.domain.errors import BadData

_KILLED = 9  # the signal with which a system out of memory ends a process
_MOST_CHARS = 300  # of what an exception says: it is read in a card


class TrainerFailed(BadData):
    """A trainer of the config's own made nothing that can serve."""

    def __init__(self, trainer: str, why: str) -> None:
        super().__init__(f"training.trainer: `{trainer}` {why}")
        self.trainer = trainer


class NoSuchTrainer(TrainerFailed):
    """Python does not find it."""

    def __init__(self, trainer: str, what: str) -> None:
        super().__init__(
            trainer,
            f"is not there: Python finds no {what}. Install its package where Watchkeeper runs.",
        )


class TrainerThrew(TrainerFailed):
    """It raised an exception."""

    def __init__(self, trainer: str, kind: str, message: str) -> None:
        said = message if len(message) <= _MOST_CHARS else f"{message[:_MOST_CHARS]}…"
        super().__init__(trainer, f"failed with {kind}: {said}" if said else f"failed with {kind}.")


class OutOfTime(TrainerFailed):
    """It did not come back in time, and was ended."""

    def __init__(self, trainer: str, at_most_s: float) -> None:
        minutes = f"{at_most_s / 60:.3g} minute{'' if at_most_s == 60 else 's'}"  # noqa: PLR2004 - one of them
        super().__init__(
            trainer, f"was ended: it took longer than the {minutes} of training.at_most_minutes."
        )


class TrainerDied(TrainerFailed):
    """Its process ended without an answer."""

    def __init__(self, trainer: str, code: int) -> None:
        how = f"by the signal {-code}" if code < 0 else f"with the exit code {code}"
        if code == -_KILLED:
            how += ", for want of memory perhaps"
        super().__init__(trainer, f"ended its process without an answer, {how}.")


class NotAllowed(TrainerFailed):
    """It returned something of types that are never loaded."""

    def __init__(self, trainer: str, types: list[str]) -> None:
        super().__init__(
            trainer,
            f"returned an estimator with types that are not allowed: {', '.join(types)}. What "
            "serves is loaded again by name, and only scikit-learn's own types are.",
        )


class Nonsense(TrainerFailed):
    """It returned something that does not predict."""

    def __init__(self, trainer: str, why: str) -> None:
        super().__init__(trainer, f"returned no fitted estimator that can serve: {why}.")


class CannotStore(TrainerFailed):
    """It returned something that holds more than arrays, numbers, texts, and lists of them."""

    def __init__(self, trainer: str, kind: str) -> None:
        super().__init__(
            trainer,
            f"returned something that cannot serve: it cannot be stored ({kind}). An estimator may "
            "hold arrays, numbers, texts and lists of them: name columns by a list, not an Index.",
        )
