"""Which version serves and which ones want to: the pointer that every transition swaps.

    queue --> shadow --> canary, share by share --> stands for promotion --> champion --> guard

One version at a time in shadow, one as canary; the others queue. A record is changed here and
written where it was read (`core.flows.change`): of two transitions at one moment one wins, and the
other is decided again on what is true then.

When the champion changes, what is in shadow stays there and its evidence starts anew; a canary,
whose evidence was about the champion that goes, serves nobody any more and goes back to shadow, or
to the head of the queue. The queue itself stays as it is.
"""

from collections.abc import Sequence
from typing import ClassVar, Final

from core.domain.base import Record
from core.domain.ids import VersionId
from core.domain.stage_refusals import (
    GateNotPassed,
    NothingToRollBackTo,
    NotTheChallenger,
    ServesAlready,
    StaleChampion,
    StillQueued,
    short,
)

__all__ = ["MOST_QUEUED", "Serving", "short"]

MOST_QUEUED: Final = 20  # each card of the queue is drawn again in one commit, which holds 100
_REMEMBERED: Final = 20  # versions that a chain of rollbacks can reach


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
    ready: VersionId | None = None
    """Has passed its gate and stands for promotion: the challenger, or the canary."""
    queue: tuple[VersionId, ...] = ()
    """Versions that wait for the shadow stage, the next one first."""
    guard: VersionId | None = None
    """The last champion, which goes on predicting in shadow after a promotion.

    In a feedback loop it is the canary as well, and serves the share that is held back from the new
    one: a shadow would show nothing there.
    """
    earlier: tuple[VersionId, ...] = ()
    """Versions that served before the champion and were not rolled back, the last one last."""

    @property
    def listing(self) -> str:
        """The pointers of all models."""
        return "serving"

    @property
    def previous(self) -> VersionId | None:
        """Where a rollback goes, if that version can still serve."""
        return self.earlier[-1] if self.earlier else None

    @property
    def in_shadow(self) -> tuple[VersionId, ...]:
        """Versions that predict every row beside the champion and are never served by that."""
        beside = (self.challenger, None if self.holds_back else self.guard)
        return tuple(version for version in beside if version is not None)

    @property
    def holds_back(self) -> bool:
        """Whether the guard serves the share of the canary."""
        return self.guard is not None and self.canary == self.guard

    @property
    def drawn_by(self) -> str:
        """What draws the entities of the canary: others for each version, and for its guard.

        Whom a version served when it became champion may have spoken for it by luck.
        """
        return f"guard {self.canary}" if self.holds_back else self.canary or ""

    @property
    def standing(self) -> tuple[VersionId, ...]:
        """Every version that has a place now, the champion first."""
        placed = (self.champion, self.canary, self.challenger, self.guard)
        apart = dict.fromkeys(version for version in placed if version is not None)
        return (*apart, *self.queue)

    @property
    def in_view(self) -> VersionId | None:
        """The version that people would promote next: the ready one, else who has come furthest."""
        return self.ready or (None if self.holds_back else self.canary) or self.challenger

    def place_in_queue(self, version: VersionId) -> int | None:
        """Say where it waits, 1 for the next one; `None` when it does not."""
        return self.queue.index(version) + 1 if version in self.queue else None

    def proposing(self, version: VersionId, *, instead_of: VersionId | None = None) -> "Serving":
        """Let a version in: into shadow, or into the queue; the first one of all serves at once.

        Args:
            version: one that has no place yet.
            instead_of: the queued version whose place it takes; `None` for a place of its own.
        """
        if version in (*self.standing, *self.earlier):
            raise ValueError(f"{version} has, or had, a place")
        if self.champion is None:
            return self.model_copy(update={"champion": version})
        if self.challenger is None:
            return self.model_copy(update={"challenger": version})
        if instead_of is not None:
            queue = tuple(version if queued == instead_of else queued for queued in self.queue)
            return self.model_copy(update={"queue": queue})
        return self.model_copy(update={"queue": (*self.queue, version)})

    def stepping_up(self, version: VersionId, shares: Sequence[float]) -> "Serving":
        """Let a version that has passed its gate go one step further; the same where it cannot.

        From shadow it becomes the canary with the first share, once nobody else is; the canary gets
        the next larger share; who has no further step stands for promotion.

        Args:
            version: in shadow, or the canary.
            shares: of the canary, rising, each 0..1; none lets it stand for promotion from shadow.

        Raises:
            NotTheChallenger: it is neither, or the guard, whose share stays as it is.
        """
        if version == self.ready:
            return self
        if version == self.guard:
            raise NotTheChallenger(version)
        if version == self.canary:
            larger = [share for share in shares if share > self.canary_share]
            further = {"canary_share": larger[0]} if larger else {"ready": version}
            return self.model_copy(update=further)
        if version != self.challenger:
            raise NotTheChallenger(version)
        if not shares:
            return self.model_copy(update={"ready": version})
        if self.canary is not None:
            return self
        update = {"canary": version, "canary_share": shares[0], "challenger": None}
        return _filled(self.model_copy(update=update))

    def killing(self, version: VersionId) -> "Serving":
        """Take a version out of the way, wherever it stands; the next of the queue moves up.

        Raises:
            ServesAlready: it is the champion, which is rolled back instead.
            NotTheChallenger: it does not stand for promotion.
        """
        if version == self.champion:
            raise ServesAlready(version)
        if version == self.guard or version not in (self.challenger, self.canary, *self.queue):
            raise NotTheChallenger(version)
        return _filled(_without(self, version))

    def promoting(
        self,
        version: VersionId,
        *,
        seen_champion: VersionId | None,
        is_exception: bool = False,
        held_back: float = 0.0,
    ) -> "Serving":
        """Make a challenger the champion; the old one guards it from shadow, or with a share.

        Args:
            version: in shadow, or the canary.
            seen_champion: which champion the person saw when deciding.
            is_exception: whether two people have said that it need not have passed its gate.
            held_back: which share of the entities the old champion goes on serving, 0..1.

        Raises:
            ServesAlready: it is the champion.
            StillQueued: it waits, nothing is known of it.
            NotTheChallenger: it does not stand for promotion any more.
            StaleChampion: the champion changed since the person looked.
            GateNotPassed: and it is no exception.
        """
        if version == self.champion:
            raise ServesAlready(version)
        self.refuse_unless_challenging(version)
        if self.champion != seen_champion:
            raise StaleChampion(seen=seen_champion, actual=self.champion)
        if version != self.ready and not is_exception:
            raise GateNotPassed(version)
        served = (self.champion,) if self.champion else ()
        update: dict[str, object] = {
            "champion": version,
            "guard": self.champion,
            "earlier": (*self.earlier, *served)[-_REMEMBERED:],
        }
        if self.champion is not None and held_back:
            update |= {"canary": self.champion, "canary_share": held_back}
        anew = _beginning_anew(_without(self, version))
        return _filled(anew.model_copy(update=update))

    def refuse_unless_challenging(self, version: VersionId) -> None:
        """Let only a version pass that predicts beside the champion.

        Raises:
            StillQueued: it waits, nothing is known of it.
            NotTheChallenger: it does not stand for promotion any more.
        """
        place = self.place_in_queue(version)
        if place is not None:
            raise StillQueued(version, place)
        if version == self.guard or version not in (self.challenger, self.canary):
            raise NotTheChallenger(version)

    def rolling_back(self, *, to: VersionId | None, seen_champion: VersionId | None) -> "Serving":
        """Make an earlier version the champion again; the one that served has no place any more.

        Args:
            to: one of the earlier versions; those that served after it are passed over.
            seen_champion: the version that the person wants to be rid of; `None` for whichever
                serves now.

        Raises:
            StaleChampion: the champion changed since the person looked.
            NothingToRollBackTo: no such version served.
        """
        if seen_champion is not None and self.champion != seen_champion:
            raise StaleChampion(seen=seen_champion, actual=self.champion)
        if to is None or to not in self.earlier:
            raise NothingToRollBackTo(self.id)
        update = {
            "champion": to,
            "guard": None,
            "earlier": self.earlier[: self.earlier.index(to)],
        }
        return _filled(_beginning_anew(self).model_copy(update=update))

    def releasing_guard(self) -> "Serving":
        """Let the last champion predict no more; a rollback still goes there."""
        update: dict[str, object] = {"guard": None}
        if self.holds_back:
            update |= {"canary": None, "canary_share": 0.0}
        return self.model_copy(update=update)


def _without(serving: Serving, version: VersionId) -> Serving:
    update: dict[str, object] = {
        "queue": tuple(queued for queued in serving.queue if queued != version)
    }
    if version == serving.challenger:
        update["challenger"] = None
    if version == serving.canary:
        update |= {"canary": None, "canary_share": 0.0}
    if version == serving.ready:
        update["ready"] = None
    return serving.model_copy(update=update)


def _beginning_anew(serving: Serving) -> Serving:
    """Forget who had passed, and take what a canary serves away from it."""
    update: dict[str, object] = {"ready": None, "canary": None, "canary_share": 0.0}
    if serving.canary is None or serving.holds_back:
        return serving.model_copy(update=update)
    if serving.challenger is None:
        update["challenger"] = serving.canary
    else:
        update["queue"] = (serving.canary, *serving.queue)
    return serving.model_copy(update=update)


def _filled(serving: Serving) -> Serving:
    """Let the next of the queue into shadow, if nobody is there."""
    if serving.challenger is not None or not serving.queue:
        return serving
    return serving.model_copy(update={"challenger": serving.queue[0], "queue": serving.queue[1:]})
