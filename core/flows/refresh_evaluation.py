"""Have a version compared with the champion of now, where it was compared with another one."""

from contextlib import suppress

from core.domain.challenge import Challenge
from core.domain.errors import Unavailable
from core.domain.ids import fact_id
from core.domain.job import Job
from core.domain.person import Person
from core.domain.serving import Serving
from core.ports import Ports


def refresh_evaluation(serving: Serving, ports: Ports) -> None:
    """Start the evaluation of who predicts in shadow, if the one on its card is stale.

    It is asked for after each move and with each cohort, so that one that got lost is made then.
    """
    version, champion = serving.challenger, serving.champion
    if version is None or champion is None:
        return
    challenge = ports.records.get(Challenge, Challenge.id_of(serving.id, version))
    if challenge is None or challenge.against == champion:
        return
    event = {
        "model": serving.id,
        "reason": "the champion changed",
        "asked_by": Person.machine().id,
        "evaluate": version,
    }
    day = f"{ports.now():%Y-%m-%d}"
    job_id = fact_id("job", "evaluate", serving.id, version, champion, day)
    with suppress(Unavailable):
        ports.jobs.start(Job(function="retrain", event=event, id=job_id))
