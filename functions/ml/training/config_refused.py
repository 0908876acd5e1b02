"""Why a training section asks for what is not offered; each sentence names the key."""

from collections.abc import Iterable

from core.domain.errors import Refusal
from core.domain.target import Task


class ConfigRefused(Refusal):
    """The training section of a config asks for what is not offered; the sentence names the key."""


class NotOffered(ConfigRefused):
    """The config names an estimator or a transformer that is not on the allow-list."""

    def __init__(self, key: str, name: str, offered: Iterable[str]) -> None:
        allowed = ", ".join(sorted(offered))
        super().__init__(f"{key}: `{name}` is not offered; choose one of {allowed}.")


class WrongTask(ConfigRefused):
    """The estimator is one for another kind of target."""

    def __init__(self, key: str, name: str, task: Task, offered: Iterable[str]) -> None:
        predicts = "classes" if task == "regression" else "a number"
        super().__init__(
            f"{key}: `{name}` predicts {predicts}, and the task of the target is {task}; "
            f"choose one of {', '.join(sorted(offered))}."
        )


class NoQuantile(ConfigRefused):
    """The estimator learns the mean, and the target is a quantile."""

    def __init__(self, key: str, name: str, quantile: float, offered: Iterable[str]) -> None:
        super().__init__(
            f"{key}: `{name}` predicts a mean, and the target is the {quantile:g} quantile "
            f"(`loss: pinball`); choose one of {', '.join(sorted(offered))}, or a trainer of your "
            "own."
        )


class UnknownParameter(ConfigRefused):
    """It has no such parameter."""

    def __init__(self, key: str, owner: str, offered: Iterable[str]) -> None:
        allowed = ", ".join(sorted(offered)) or "none that can be set"
        super().__init__(f"{key}: {owner} has no such parameter; it has {allowed}.")


class ParameterNotOffered(ConfigRefused):
    """It has the parameter, but that would undo a promise."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key} cannot be set: {why}.")


class WrongParameter(ConfigRefused):
    """scikit-learn does not take the value."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(f"{key}: {reason}")


class WrongChain(ConfigRefused):
    """The transformers do not fit together, or do not fit the estimator."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(f"{key}: {why}.")


class CannotFit(ConfigRefused):
    """Each parameter is right by itself, but scikit-learn refuses them together."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"training: scikit-learn refuses to train with this section: {reason}")
