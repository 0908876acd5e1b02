"""Ways to spread work that fail, or that are not this process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.adapters.processes import OneProcess
from core.domain.errors import Unavailable
from core.domain.job import Job
from core.ports import V


@dataclass
class Elsewhere:
    """Starts the work in another place, as Step Functions do."""

    things: list[dict[str, Any]] = field(default_factory=list)
    again: list[Job] = field(default_factory=list)

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:
        assert callable(work)
        self.things += [thing.model_dump() for thing in things]
        self.again.append(again)
        return False


@dataclass
class Stopping:
    """Does some of the work, and then the process ends."""

    after: int

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:
        OneProcess().out(work, things[: self.after], again)
        raise Unavailable("A process ended before its work was done.")


@dataclass
class Overtaken:
    """Does the work when somebody else has done something."""

    meanwhile: Callable[[], object]

    def out(self, work: Callable[[V], None], things: Sequence[V], again: Job) -> bool:
        self.meanwhile()
        return OneProcess().out(work, things, again)
