"""Which version serves: the pointer that promotions and rollbacks swap, and its history."""

from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.errors import Refusal
from core.domain.ids import VersionId, fact_id
from core.domain.person import Person

_REMEMBERED = 20  # versions that a chain of rollbacks can reach


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
        super().__init__(f"Version {short(version)} is not the challenger any more.")
        self.version = version


class NothingToRollBackTo(Refusal):
    """No earlier version served."""

    def __init__(self, model: str) -> None:
        super().__init__(f"No earlier version of `{model}` has served, so there is no way back.")
        self.model = model


class Serving(Record):
    """What serves for one model now; its id is the model's name."""

    kind: ClassVar[str] = "serving"

    champion: VersionId | None = None
    """Makes the predictions that are served; `None` until the first training."""
    challenger: VersionId | None = None
    """Predicts in shadow; `None` when nothing wants to replace the champion."""
    canary: VersionId | None = None
    """Serves a share of the entities; `None` when no version has come so far."""
    canary_share: float = 0.0
    """Which share, 0..1; 0 when there is no canary."""
    queue: tuple[VersionId, ...] = ()
    """Versions that wait for the shadow stage, the next one first."""
    guard: VersionId | None = None
    """The last champion, which goes on predicting in shadow after a promotion."""
    earlier: tuple[VersionId, ...] = ()
    """Versions that served before the champion, the last one last."""

    @property
    def listing(self) -> str:
        """The pointers of all models."""
        return "serving"

    @property
    def previous(self) -> VersionId | None:
        """Where a rollback goes."""
        return self.earlier[-1] if self.earlier else None

    @property
    def in_shadow(self) -> tuple[VersionId, ...]:
        """Versions that predict every row beside the champion and are never served by that."""
        beside = (self.challenger, self.guard)
        return tuple(version for version in beside if version is not None)

    def challenged_by(self, version: VersionId) -> Self:
        """Let a version predict in shadow; the first version of all becomes the champion."""
        if self.champion is None:
            return self.model_copy(update={"champion": version})
        return self.model_copy(update={"challenger": version})

    def promoting(self, challenger: VersionId, *, seen_champion: VersionId | None) -> Self:
        """Make the challenger the champion.

        Raises:
            NotTheChallenger: another version is the challenger now, or none.
            StaleChampion: the champion changed since the person looked.
        """
        if self.challenger != challenger:
            raise NotTheChallenger(challenger)
        if self.champion != seen_champion:
            raise StaleChampion(seen=seen_champion, actual=self.champion)
        served = (self.champion,) if self.champion else ()
        return self.model_copy(
            update={
                "champion": challenger,
                "challenger": None,
                "earlier": (*self.earlier, *served)[-_REMEMBERED:],
            }
        )

    def rolling_back(self, *, seen_champion: VersionId | None) -> Self:
        """Make the previous version the champion again.

        A challenger that waited was compared with the version that goes, so it steps down too.

        Args:
            seen_champion: the version that the person wants to be rid of; `None` for whichever
                serves now.

        Raises:
            NothingToRollBackTo: no earlier version served.
            StaleChampion: the champion changed since the person looked.
        """
        if seen_champion is not None and self.champion != seen_champion:
            raise StaleChampion(seen=seen_champion, actual=self.champion)
        if not self.earlier:
            raise NothingToRollBackTo(self.id)
        return self.model_copy(
            update={
                "champion": self.earlier[-1],
                "challenger": None,
                "earlier": self.earlier[:-1],
            }
        )


class Served(Record):
    """One line of the answer to: which version served when?"""

    kind: ClassVar[str] = "served"

    model: str
    version: VersionId
    since: AwareDatetime
    by: str
    how: str
    """`first version`, `promoted`, `rolled back`."""

    @classmethod
    def since_now(cls, serving: Serving, by: Person, how: str, at: AwareDatetime) -> Self:
        """Write down that the champion of this revision of the pointer serves from now on."""
        if serving.champion is None:
            raise ValueError("nothing serves")
        return cls(
            id=fact_id("srv", serving.id, serving.revision),
            model=serving.id,
            version=serving.champion,
            since=at,
            by=by.id,
            how=how,
        )

    @property
    def listing(self) -> str:
        """Everything that ever served for the model."""
        return f"served:{self.model}"

    @property
    def place(self) -> str:
        """By time."""
        return f"{self.since.isoformat()} {self.id}"


def _name(version: VersionId | None) -> str:
    return short(version) if version else "none"
