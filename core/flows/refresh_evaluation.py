"""Have a version compared with the champion of now, where it was compared with another one."""

from core.domain.challenge import Challenge
from core.domain.ids import VersionId
from core.domain.job import Job
from core.domain.person import Person
from core.domain.serving import Serving
from core.ports import Ports


def refresh_evaluation(serving: Serving, version: VersionId, by: Person, ports: Ports) -> None:
    """Start the evaluation of a version if the one on its card is stale; once a day is enough.

    A job that got lost is started by whatever asks next: each cohort, each move, each refusal.
    """
    challenge = ports.records.get(Challenge, Challenge.id_of(serving.id, version))
    if challenge is None or serving.champion is None or challenge.against == serving.champion:
        return
    cause = f"{serving.champion} {ports.now():%Y-%m-%d}"
    ports.jobs.start(Job.evaluate(serving.id, version, by.id, cause))
