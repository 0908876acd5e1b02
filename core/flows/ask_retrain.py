"""A person asks for a training; it runs as a job, since it takes longer than Slack waits."""

from core.domain.access import Verb
from core.domain.errors import Refusal
from core.domain.ids import fact_id
from core.domain.job import Job
from core.domain.person import Person
from core.flows.permit import permit
from core.ports import Ports


class ServedElsewhere(Refusal):
    """Another system makes this model's predictions."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"`{model}` is served elsewhere: its predictions are watched, not made, here."
        )


def ask_retrain(model: str, by: Person, ports: Ports) -> None:
    """Start a training of the model with the config that is in force.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
        ServedElsewhere: there is nothing to train here.
    """
    config = permit(Verb.RETRAIN, by, model, ports)
    if config.serving == "elsewhere":
        raise ServedElsewhere(model)
    now = ports.now()
    ports.jobs.start(
        Job(
            function="retrain",
            event={
                "model": model,
                "reason": "a person asked",
                "asked_by": by.id,
                "asked_at": now.isoformat(),
            },
            id=fact_id("job", "retrain", model, config.hash, f"{now:%Y-%m-%dT%H:%M}"),
        )
    )
