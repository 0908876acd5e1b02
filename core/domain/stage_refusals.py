"""Why a version is not moved: a finished sentence for each, with what to do instead."""

from collections.abc import Sequence

from core.domain.errors import Refusal
from core.domain.ids import VersionId


def short(version: str) -> str:
    """Shorten a version id for people's eyes."""
    return version.removeprefix("ver_")[:8]


class StaleChampion(Refusal):
    """The champion is not the one that the person saw when deciding."""

    def __init__(self, *, seen: VersionId | None, actual: VersionId | None) -> None:
        super().__init__(
            f"The champion changed since you looked: it was {_name(seen)}, now it is "
            f"{_name(actual)}. Nothing was moved; please look again."
        )
        self.seen, self.actual = seen, actual


class NotTheChallenger(Refusal):
    """The version no longer stands for promotion."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(f"Version {short(version)} is not a challenger any more.")
        self.version = version


class ServesAlready(Refusal):
    """It is the champion: a click came twice, or a card is old."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(f"Version {short(version)} serves already. Nothing more was moved.")
        self.version = version


class StillQueued(Refusal):
    """Nothing is known of how it predicts."""

    def __init__(self, version: VersionId, place: int) -> None:
        super().__init__(
            f"Version {short(version)} still waits, at place {place} of the queue: it has "
            "predicted nothing yet. Kill what stands before it, or wait."
        )
        self.version, self.place = version, place


class GateNotPassed(Refusal):
    """The evidence does not show that it is better, or no worse."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(
            f"Version {short(version)} has not passed its gate. Wait for more labels, or ask for "
            "an exception: it needs a reason and a second person."
        )
        self.version = version


class GatePassed(Refusal):
    """There is nothing to make an exception from."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(
            f"Version {short(version)} has passed its gate: promote it, no exception is needed."
        )
        self.version = version


class StaleEvaluation(Refusal):
    """It was compared with a version that does not serve any more."""

    def __init__(self, version: VersionId, *, against: VersionId | None, actual: VersionId) -> None:
        super().__init__(
            f"Version {short(version)} was compared with {_name(against)}, but {short(actual)} "
            "serves now. Comparing it anew has been started; its card says when that is done."
        )
        self.version, self.against, self.actual = version, against, actual


class BlockedByReview(Refusal):
    """The automated review found what no gate can see."""

    def __init__(self, version: VersionId, findings: Sequence[str]) -> None:
        super().__init__(
            f"The review of version {short(version)} stands against it: {' '.join(findings)} "
            "Mend that and train again."
        )
        self.version, self.findings = version, tuple(findings)


class BudgetSpent(Refusal):
    """So many predictions turned out badly of late that nothing new may serve."""

    def __init__(self, version: VersionId, standing: str, *, is_better: bool) -> None:
        exception = (
            "This one is shown to be better than what serves, so it can be promoted as an "
            "exception: that needs a reason and a second person."
            if is_better
            else "Only a version that is shown to be better than what serves can be promoted then, "
            "as an exception, and this one is not; wait until the bad cohorts have left the "
            "window, or roll back, which is never held back."
        )
        super().__init__(
            f"Promotions are frozen, so version {short(version)} stays where it is: the error "
            f"budget of the SLO is spent ({standing}). {exception}"
        )
        self.version, self.is_better = version, is_better


class NotReproducible(Refusal):
    """Nobody can make the version again."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(
            f"Version {short(version)} was made from inputs that have no hash, so nobody can make "
            "it again. Train it from the config, then promote that version."
        )
        self.version = version


class PathsDiffer(Refusal):
    """What a version reads when it scores is not what it learned from."""

    def __init__(self, version: VersionId, why: str) -> None:
        super().__init__(f"Version {short(version)} stays where it is: {why}")
        self.version = version


class NotServable(Refusal):
    """What would serve is not there, or is not what was stored."""

    def __init__(self, version: VersionId, why: str) -> None:
        super().__init__(f"Version {short(version)} cannot serve: {why} Nothing was moved.")
        self.version, self.why = version, why


class NothingToRollBackTo(Refusal):
    """No earlier version served, or none of them can serve again."""

    def __init__(self, model: str, passed_over: Sequence[str] = ()) -> None:
        if passed_over:
            why = f"No earlier version of `{model}` can serve again: {' '.join(passed_over)}"
        else:
            why = f"No earlier version of `{model}` has served, so there is no way back."
        super().__init__(why)
        self.model = model


class NeedsSecondPerson(Refusal):
    """Who asked for a training may not promote its version."""

    def __init__(self, person: str) -> None:
        super().__init__(
            f"<@{person}> asked for this version, so a second person has to promote it."
        )


class AskedBefore(Refusal):
    """An exception has been asked for."""

    def __init__(self, person: str) -> None:
        super().__init__(
            f"<@{person}> has asked for this exception already; somebody else has to approve it."
        )
        self.person = person


class NeedsAnotherPerson(Refusal):
    """Who asked for an exception may not approve it."""

    def __init__(self) -> None:
        super().__init__("You asked for this exception, so a second person has to approve it.")


class NothingAsked(Refusal):
    """There is no exception to approve."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(f"Nobody asks for an exception for version {short(version)} any more.")
        self.version = version


def _name(version: VersionId | None) -> str:
    return short(version) if version else "none"
