"""An alert: one thing a person must look at, from raised to resolved."""

from enum import StrEnum
from typing import ClassVar, Self

from pydantic import AwareDatetime

from core.domain.base import Record, Value
from core.domain.errors import Refusal
from core.domain.ids import AlertId, IncidentId, VersionId, fact_id
from core.domain.origin import Nature
from core.domain.person import Person
from core.domain.verdict import Blame, ErrorClass, Severity

_FIRST = (Severity.PAGE, Severity.WARN, Severity.OK)


class Priority(StrEnum):
    """What a person says how urgent it is; never derived in silence."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Disposition(StrEnum):
    """Why an alert was closed."""

    REAL_DRIFT = "real drift"
    DATA_BUG = "data bug"
    EXPECTED_CHANGE = "expected change"
    DUPLICATE = "duplicate"
    NOISE = "noise"
    FIXED_BY_RETRAIN = "fixed by retrain"


class AlreadyAcknowledged(Refusal):
    """Somebody else was first."""

    def __init__(self, owner: str) -> None:
        super().__init__(f"<@{owner}> already has this one.")
        self.owner = owner


class AlreadyResolved(Refusal):
    """The alert is closed; an old card was clicked."""

    def __init__(self, by: str, disposition: Disposition) -> None:
        super().__init__(f"<@{by}> has already resolved this as {disposition}.")
        self.by, self.disposition = by, disposition


class AlreadyTraining(Refusal):
    """An old card was clicked, or two people clicked at once."""

    def __init__(self) -> None:
        super().__init__("A training was started because of this alert already.")


class Evidence(Value):
    """What was seen; replaced as a whole when a partition is checked again."""

    error_class: ErrorClass | None
    """`None` for what a person reported, and for what is not an error of the data."""
    severity: Severity
    summary: str
    """What is wrong, in one line."""
    blamed: tuple[Blame, ...] = ()
    """The columns to look at, in order of blame."""
    origin: str | None = None
    """What it looks like and why: `natural drift: many of 17 columns moved, …`; `None`: unknown."""
    affected: str | None = None
    """Who or what is affected: `1,012 flights of this day, served by version 3fa2`."""
    next_step: str
    """What to do first."""
    is_learning: bool = False
    """Whether so little was known of the model that only what is plainly wrong alerts."""
    fingerprint: str
    """Of the data that was looked at: other data, other fingerprint."""

    @property
    def is_natural_drift(self) -> bool:
        """Whether it looks as if the world moved, which a training follows."""
        return self.origin is not None and self.origin.startswith(Nature.NATURAL)


class Fewer(Value):
    """A proposal: tell less by the rule of an alert."""

    at_least: float
    """Post from this score on, in units of the limit."""
    backtest: str
    """What that would have meant for the alerts so far, a clause."""


class Alert(Record):
    """One thing a person must look at; at most one for each model, partition and rule."""

    kind: ClassVar[str] = "alert"

    id: AlertId
    model: str
    partition: str | None = None
    """`None` when it is about the model rather than about one partition."""
    rule: str
    """What raised it: `partition`, `arrival`, `skew`, `artefact`, `fallback`, `canary`, `shadow`,
    `output`, `parity`, `labels`, `layout`, `silence`, `promotion`, `slo`, `reported`."""
    channel: str
    raised_at: AwareDatetime
    since: str | None = None
    """The first partition in a row that shows this; `None` when it is this one."""
    evidence: Evidence
    still_so: tuple[str, ...] = ()
    """Later partitions that show it as well, in their order: they have no alert of their own."""
    has_started_training: bool = False
    """Whether a training was started because of it, by the config or by a person."""
    reported_by: str | None = None
    """The person who reported it; `None` when a check found it."""
    track_record: str | None = None
    """What became of the alerts of its rule before it; `None` of fewer than can be judged by."""
    alike: str | None = None
    """What came of alerts like it, a sentence; `None` where there was none."""
    fewer: Fewer | None = None
    """How its rule could tell less; `None` where nothing speaks for that."""
    is_quiet: bool = False
    """Whether it was not posted, because a person made its rule quieter."""
    on_call: str | None = None
    """Who was on call when it was raised; `None` where the config has no rota."""
    shadow_seat: str | None = None
    """Who learns the job beside them."""
    escalated_to: tuple[str, ...] = ()
    """Who else was asked to take it, in that order."""
    owner: str | None = None
    acknowledged_at: AwareDatetime | None = None
    priority: Priority | None = None
    incident: IncidentId | None = None
    takes_back: VersionId | None = None
    """The version that a click in it rolls back; `None` when it is about no promotion."""
    disposition: Disposition | None = None
    resolved_by: str | None = None
    resolved_at: AwareDatetime | None = None

    @classmethod
    def id_of(cls, model: str, partition: str | None, rule: str) -> AlertId:
        """Say which alert is about this: a retry names the same one."""
        return AlertId(fact_id("alr", model, partition or "", rule))

    @property
    def listing(self) -> str:
        """The queue while it is open."""
        return "alerts:open" if self.is_open else "alerts:resolved"

    @property
    def place(self) -> str:
        """By priority, then by severity and age; what nobody has prioritised stands behind P2.

        What is quiet stands behind all that; what is resolved stands by its age alone.
        """
        if not self.is_open:
            return f"{self.raised_at.isoformat()} {self.id}"
        unsaid = "P4~" if self.is_quiet else "P2~"
        urgency = f"{self.priority or unsaid} {_FIRST.index(self.evidence.severity)}"
        return f"{urgency} {self.raised_at.isoformat()} {self.id}"

    @property
    def headline(self) -> str:
        """The alert in one line: priority or severity, model, partition, what is wrong."""
        about = f"{self.model} {self.partition}" if self.partition else self.model
        return f"{self.priority or self.evidence.severity} · {about} · {self.evidence.summary}"

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody to close it."""
        return self.disposition is None

    @property
    def is_urgent(self) -> bool:
        """Whether somebody has to take it now: it pages, or a person said P1."""
        by_itself = self.priority is None and self.evidence.severity is Severity.PAGE
        return self.is_open and (by_itself or self.priority is Priority.P1)

    def calling(self, person: str, shadow_seat: str | None) -> Self:
        """Name who is on call."""
        return self.model_copy(update={"on_call": person, "shadow_seat": shadow_seat})

    def escalated(self, to: str) -> Self:
        """Ask one more person to take it."""
        return self.model_copy(update={"escalated_to": (*self.escalated_to, to)})

    def acknowledged_by(self, person: Person, at: AwareDatetime) -> Self:
        """Give it to the first person who takes it.

        Raises:
            AlreadyResolved: it is closed.
            AlreadyAcknowledged: somebody, perhaps the same person, already has it.
        """
        self._refuse_if_resolved()
        if self.owner is not None:
            raise AlreadyAcknowledged(self.owner)
        update = {"owner": person.id, "acknowledged_at": at, "is_quiet": False}
        return self.model_copy(update=update)

    def prioritised(self, priority: Priority) -> Self:
        """Say how urgent it is.

        Raises:
            AlreadyResolved: it is closed.
        """
        self._refuse_if_resolved()
        return self.model_copy(update={"priority": priority, "is_quiet": False})

    def resolved_as(self, disposition: Disposition, by: Person, at: AwareDatetime) -> Self:
        """Close it and say why; whoever closes what nobody has, has it.

        Raises:
            AlreadyResolved: it is closed.
        """
        self._refuse_if_resolved()
        return self.model_copy(
            update={
                "owner": self.owner or by.id,
                "disposition": disposition,
                "resolved_by": by.id,
                "resolved_at": at,
            }
        )

    def starting_training(self) -> Self:
        """Note that a training starts because of it.

        Raises:
            AlreadyTraining: one was started before.
        """
        if self.has_started_training:
            raise AlreadyTraining
        return self.model_copy(update={"has_started_training": True})

    def reported_in(self, incident: IncidentId) -> Self:
        """Tie it to the incident that tells its story."""
        return self.model_copy(update={"incident": incident})

    def posted(self) -> Self:
        """Show it in the channel from now on, although its rule is quiet."""
        return self.model_copy(update={"is_quiet": False})

    def told_in(self, channel: str) -> Self:
        """Tell of it in another channel from now on."""
        return self.model_copy(update={"channel": channel})

    def still_so_on(self, partition: str) -> Self:
        """Note a later partition that shows the same."""
        return self.model_copy(update={"still_so": tuple(sorted({*self.still_so, partition}))})

    def no_longer_so_on(self, partition: str) -> Self:
        """Note that a later partition, checked again, does not show it any more."""
        left = tuple(name for name in self.still_so if name != partition)
        return self.model_copy(update={"still_so": left})

    def affecting(self, affected: str) -> Self:
        """Say anew who or what is affected."""
        evidence = self.evidence.model_copy(update={"affected": affected})
        return self.model_copy(update={"evidence": evidence})

    def with_evidence(self, evidence: Evidence) -> Self:
        """Replace what was seen, after the partition was checked again.

        A disposition was given for the data that was seen then: other data that is broken opens
        the alert again, in the hands of whoever had it.
        """
        update: dict[str, object] = {"evidence": evidence}
        is_other = evidence.fingerprint != self.evidence.fingerprint
        if not self.is_open and is_other and evidence.severity is not Severity.OK:
            update |= {"disposition": None, "resolved_by": None, "resolved_at": None}
        return self.model_copy(update=update)

    def _refuse_if_resolved(self) -> None:
        if self.disposition is not None:
            raise AlreadyResolved(self.resolved_by or "watchkeeper", self.disposition)
