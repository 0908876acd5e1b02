"""A storm: more alerts at once than a person can read one by one."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Self

from core.domain.base import Record
from core.domain.ids import AlertId, fact_id


class Storm(Record):
    """Alerts whose cards were put into one message."""

    kind: ClassVar[str] = "storm"

    channel: str
    alerts: tuple[AlertId, ...]
    headlines: tuple[str, ...]
    """One line for each alert, in the same order."""
    on_call: tuple[str, ...] = ()
    """Who is on call for their models, each once."""

    @classmethod
    def of(cls, channel: str, alerts: Sequence[AlertId], headlines: Sequence[str]) -> Self:
        """Put alerts together; a retry with the same ones makes the same storm."""
        return cls(
            id=fact_id("stm", channel, *alerts),
            channel=channel,
            alerts=tuple(alerts),
            headlines=tuple(headlines),
        )

    def calling(self, people: Iterable[str | None]) -> Self:
        """Name who is on call; `None` of an alert that names nobody."""
        named = dict.fromkeys(person for person in people if person is not None)
        return self.model_copy(update={"on_call": tuple(named)})
