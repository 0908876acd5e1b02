"""What promotions promised before and brought afterwards: offline gain beside live gain."""

from typing import ClassVar, Final, Self

from core.domain.base import Record, Value
from core.domain.evidence import Evidence
from core.domain.ids import VersionId
from core.domain.stage_refusals import short

_KEPT: Final = 5


class Promise(Value):
    """One promotion."""

    version: VersionId
    offline: float | None
    """The gain that its evaluation showed over the champion; `None` where nothing was compared."""
    live: float
    """What it has gained over that champion since, a row."""
    cohorts: int

    @property
    def sentence(self) -> str:
        """Say it in one sentence."""
        promised = "unknown" if self.offline is None else f"{self.offline:+.4f}"
        on = f"{self.cohorts} cohort{'' if self.cohorts == 1 else 's'}"
        name = short(self.version)
        return f"`{name}`: offline {promised}, live so far {self.live:+.4f} on {on}"


class PromisesKept(Record):
    """The last promotions of one model, the newest first; its id is the model's name."""

    kind: ClassVar[str] = "promises_kept"

    promises: tuple[Promise, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say each in one sentence."""
        return tuple(promise.sentence for promise in self.promises)

    def noting(self, offline: float | None, guarding: Evidence) -> Self:
        """Note what the champion has brought by now.

        Args:
            offline: what its evaluation promised.
            guarding: the reverse evidence, of the version that it replaced.
        """
        promise = Promise(
            version=guarding.against,
            offline=offline,
            live=0.0 - guarding.gained / guarding.pairs,
            cohorts=len(guarding.cohorts),
        )
        others = [known for known in self.promises if known.version != promise.version]
        return self.model_copy(update={"promises": (promise, *others)[:_KEPT]})
