"""A story as its parts tell it: its days, its people's hands, what the stores say of it."""

from collections.abc import Callable, Iterator

from core.domain.person import Person
from core.domain.serving import short
from core.domain.wording import many
from infra.local.demo.audience import Audience
from infra.local.demo.hands import Hands, NotProved
from infra.local.demo.stage import NAMES, Stage
from infra.local.demo.stores import Stores
from infra.local.demo.telling import Teller


class Tale:
    """Lets days go by until something holds, and tells of them."""

    def __init__(
        self, stage: Stage, days: Iterator[str], teller: Teller, audience: Audience
    ) -> None:
        self.stage, self.audience = stage, audience
        self.hands, self.stores = Hands(stage), Stores(stage)
        self._days, self._teller = days, teller
        self._gates: dict[str, int] = {}

    def say(self, who: Person | None, what: str) -> None:
        """Tell one thing that somebody does; `None` is Watchkeeper."""
        name = NAMES[who.id] if who else "watchkeeper"
        self._teller.say(self.stage.clock.now(), name, what)

    def confess(self, what: str) -> None:
        """Tell what the demo itself makes wrong."""
        self._teller.say(self.stage.clock.now(), "(demo)", what)

    def next_day(self) -> str:
        """Let the next day land, with the labels of the last one, and name it.

        Raises:
            NotProved: there is none left.
        """
        self.audience.lives_through_the_day()
        day = next(self._days, None)
        if day is None:
            raise NotProved("the season was long enough for the story")
        self._teller.day(day, self.stage.ports)
        self._tell_gates()
        return day

    def days_until(self, holds: Callable[[], bool], what: str) -> int:
        """Let days go by until something holds, and count them.

        Raises:
            NotProved: it did not by the end of the season.
        """
        count = 0
        while not holds():
            try:
                self.next_day()
            except NotProved as over:
                raise NotProved(f"{what}, by the end of the season") from over
            count += 1
        return count

    def _tell_gates(self) -> None:
        """Tell what the gate knows of each version on trial, when it has learned of a day more."""
        serving = self.stores.serving()
        for version in (serving.canary, serving.challenger):
            known = self.stores.challenge(version).evidence if version else None
            if version is None or known is None or self._gates.get(version) == known.pairs:
                continue
            self._gates[version] = known.pairs
            of = f"{known.pairs:,} flights of {known.cohorts} day{'s' * (known.cohorts != 1)}"
            gained = f"{known.gained / known.pairs:+.4f} a flight over {of}"
            ahead = f", about {many(known.expected.days, 'more day')}" if known.expected else ""
            self.say(None, f"gate of {short(version)}: {gained}: {known.decision}{ahead}")
