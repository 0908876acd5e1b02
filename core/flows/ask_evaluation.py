"""Ask that a version be judged once more, since what it was compared with has changed."""

from core.domain.errors import Unknown
from core.domain.ids import VersionId, fact_id
from core.domain.job import Job
from core.domain.person import Person
from core.domain.serving import Serving
from core.ports import Ports


def ask_evaluation(model: str, version: VersionId, by: Person, ports: Ports) -> None:
    """Start the job that judges a version beside the champion of now; within a minute it is one.

    Raises:
        Unknown: nothing serves for this model.
    """
    serving = ports.records.get(Serving, model)
    if serving is None:
        raise Unknown("model", model)
    champion, now = serving.champion or "", ports.now()
    ports.jobs.start(
        Job(
            function="retrain",
            event={
                "model": model,
                "reason": "the champion changed since it was judged",
                "asked_by": by.id,
                "evaluate": version,
            },
            id=fact_id("job", "evaluate", model, version, champion, f"{now:%Y-%m-%dT%H:%M}"),
        )
    )
