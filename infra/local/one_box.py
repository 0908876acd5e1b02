"""The runtime of one box: calls the real handlers with the events they get on AWS."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

from aws_lambda_powertools import Logger

from core.adapters.sqlite.database import Database
from core.adapters.sqlite.jobs import ClaimedJob, SqliteJobs
from core.adapters.sqlite.noticed_objects import NoticedObjects
from core.adapters.sqlite.records import SqliteRecords
from core.adapters.sqlite.schedules import SqliteSchedules
from core.config import OneBoxSettings
from core.domain.errors import Unavailable
from core.domain.job import Function, Job, Schedule
from core.domain.model_config import MOST_MODELS, InForce
from core.ports import Ports
from infra.local.function_call import Handler, failure_of, imported_handler
from infra.local.object_events import jobs_started_by, watched_prefixes
from infra.local.old_profiles import OldProfiles
from infra.local.runner_lock import runner_lock

_THREADS: Final = 4
_LOOK_EACH_S: Final = 1.0
_CLAIM_EACH_S: Final = 0.1
_LONG_AGO: Final = datetime(2000, 1, 1, tzinfo=UTC)

STANDING: Final = tuple(  # on AWS: infra/aws/events.yml
    Schedule(name=name, function=function, event={}, first_at=_LONG_AGO, every_minutes=minutes)
    for name, function, minutes in (("sweep", "sweep", 1), ("refresh-people", "refresh_people", 60))
)

logger = Logger(service="one_box")


@dataclass(frozen=True)
class Ran:
    """A job that a step ran, and the sentence that says why it failed; `None` if it did not."""

    job: Job
    failure: str | None


class OneBox:
    """Runs the schedules and jobs of one folder, as long as the `with` block lasts.

    The real handlers take their ports from `core.wiring`: hand them over with `use` before.
    """

    def __init__(
        self,
        place: OneBoxSettings,
        ports: Ports,
        handler_of: Callable[[Function], Handler] = imported_handler,
        standing: tuple[Schedule, ...] = STANDING,
    ) -> None:
        self._place = place
        self._ports = ports
        self._handler_of = handler_of
        self._standing = standing
        self._database = Database(place.database_file)
        self._records = SqliteRecords(self._database)
        self._schedules = SqliteSchedules(self._database, ports.now)
        self._noticed = NoticedObjects(self._database)
        self._old_profiles = OldProfiles(place.objects_folder)
        self._open = ExitStack()
        self.jobs = SqliteJobs(self._database)

    def __enter__(self) -> Self:
        """Become the one process that runs jobs here, and go on where the last one stopped.

        Raises:
            AlreadyRunning: another process does.
        """
        self._open.enter_context(runner_lock(self._place.lock_file))
        self._open.callback(self._database.close)
        self.jobs.take_over(self._ports.now())
        for schedule in self._standing:
            self._ports.schedules.put(schedule)
        return self

    def __exit__(self, *_raised: object) -> None:
        self._open.close()

    def step(self, now: datetime) -> list[Ran]:
        """Do all that is due at `now`, and what that starts, one after the other."""
        self.look_around(now)
        ran: list[Ran] = []
        while (job := self.jobs.claim(now)) is not None:
            ran.append(self._run(job))
        return ran

    def run_forever(self, stop: threading.Event) -> None:
        """Do what is due when it is due, in a few threads, until told to stop.

        Whatever ends one of the threads ends them all: better no box than half a box.
        """
        acts: list[tuple[Callable[[], bool], float]] = [(self._look, _LOOK_EACH_S)]
        acts += [(self._run_next, _CLAIM_EACH_S)] * _THREADS
        with ThreadPoolExecutor(len(acts)) as pool:
            ends = [pool.submit(_repeat, act, pause_s, stop) for act, pause_s in acts]
        for end in ends:
            end.result()

    def look_around(self, now: datetime) -> None:
        """Start what the clock and new objects start, and forget what has expired."""
        self._schedules.start_due(now)
        self.notice_objects()
        self._records.forget_expired(now.timestamp())
        self._old_profiles.forget(now)

    def notice_objects(self) -> list[str]:
        """Start the work of the objects that are new or rewritten, and list their keys.

        What lay in a place when a config that names it was applied was noticed then.
        """
        stored = self._ports.records.query(InForce, "models", limit=MOST_MODELS)
        configs = [in_force.config for in_force in stored]
        keys: list[str] = []
        for prefix in watched_prefixes(configs):
            for found in self._ports.objects.list(f"{prefix}/"):
                jobs = jobs_started_by(found, configs)
                if jobs and self._noticed.is_new(found):
                    self._noticed.notice(found, jobs)
                    keys.append(found.key)
        return keys

    def _look(self) -> bool:
        with _patience():
            self.look_around(self._ports.now())
        return False  # then rest: nothing more to do at once

    def _run_next(self) -> bool:
        job = None
        with _patience():
            job = self.jobs.claim(self._ports.now())
        if job is not None:  # if its end cannot be written down, the box ends: it is not lost
            self._run(job)
        return job is not None

    def _run(self, claimed: ClaimedJob) -> Ran:
        failure = failure_of(claimed.job, self._handler_of)
        if failure is None:
            self.jobs.done(claimed)
        elif not self.jobs.failed(claimed, failure, self._ports.now()):
            self._tell_of_the_dead(claimed.job, failure)
        return Ran(claimed.job, failure)

    def _tell_of_the_dead(self, job: Job, reason: str) -> None:
        """Tell whoever watches the second route, as an alarm of its queue does on AWS."""
        about = f"{job.function} {json.dumps(job.event)}"
        with suppress(Unavailable):
            self._ports.second_route.tell("A job failed for good", f"{about}: {reason}")


def _repeat(act: Callable[[], bool], pause_s: float, stop: threading.Event) -> None:
    """Act again and again, and rest when there was nothing to do."""
    try:
        while not stop.is_set():
            if not act():
                stop.wait(pause_s)
    finally:
        stop.set()


@contextmanager
def _patience() -> Iterator[None]:
    """Go on when the store does not answer now: nothing was begun, and it may answer soon."""
    try:
        yield
    except Unavailable as error:
        logger.warning("the box waits for its store", reason=str(error))
