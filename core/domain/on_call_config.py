"""Who is on call for a model and when: shifts of whole days, one person after the other."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from pydantic import AwareDatetime, Field, model_validator

from core.domain.base import Value
from core.domain.person import PersonId


class Shift(Value):
    """One person's turn."""

    person: PersonId
    next_person: PersonId
    """Who comes after; the same person where there is but one."""
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    """Not included."""


class OnCall(Value):
    """Who is on call, in which order, and whom an alert goes to that nobody takes."""

    rota: tuple[PersonId, ...] = Field(min_length=1, max_length=30)
    """People, one shift each, then from the first again."""
    since: date
    """The first person's first day; hand-over is on its weekday."""
    days_each: int = Field(default=7, ge=1, le=28)
    hand_over_hour: int = Field(default=9, ge=0, le=23)
    """At which hour, in UTC, a shift begins."""
    shadow_seat: PersonId | None = None
    """Who learns the job: named beside the person on call, and nothing is asked of them."""
    escalates_after_minutes: int = Field(default=30, ge=5, le=24 * 60)
    """An alert that pages, or a P1, goes to the next person when nobody takes it for so long; after
    as long again to the model's owner."""

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len(set(self.rota)) < len(self.rota):
            raise ValueError("rota: each person stands in it once")
        if self.shadow_seat in self.rota:
            raise ValueError("shadow_seat: who learns the job does not stand in the rota yet")
        return self

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody it names."""
        return self.rota if self.shadow_seat is None else (*self.rota, self.shadow_seat)

    def shift_at(self, now: datetime) -> Shift:
        """Say whose turn it is; before `since` it is the first person's."""
        return self._shift(max(0, (now - self._first) // self._length))

    def shift_before(self, now: datetime) -> Shift | None:
        """Say which shift has ended last; `None` before the first one has."""
        number = (now - self._first) // self._length
        return self._shift(number - 1) if number > 0 else None

    def asked_after(self, person: str, owner: str) -> tuple[str, ...]:
        """Name those an alert goes to, one after the other, when nobody takes it.

        Args:
            person: who was on call when it was raised.
            owner: of the model.
        """
        place = self.rota.index(person) if person in self.rota else -1
        after = (self.rota[(place + 1) % len(self.rota)], owner)
        return tuple(dict.fromkeys(name for name in after if name != person))

    @property
    def _first(self) -> datetime:
        return datetime.combine(self.since, time(self.hand_over_hour), UTC)

    @property
    def _length(self) -> timedelta:
        return timedelta(days=self.days_each)

    def _shift(self, number: int) -> Shift:
        begins_at = self._first + number * self._length
        return Shift(
            person=self.rota[number % len(self.rota)],
            next_person=self.rota[(number + 1) % len(self.rota)],
            begins_at=begins_at,
            ends_at=begins_at + self._length,
        )
