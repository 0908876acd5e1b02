"""A person asks for a training; it runs as a job, since it takes longer than Slack waits."""

from core.domain.access import Verb
from core.domain.errors import Refusal
from core.domain.ids import fact_id
from core.domain.job import Job
from core.domain.person import Person
from core.flows.permit import permit
from core.flows.propose_idea import idea_to_try
from core.ports import Ports


class ServedElsewhere(Refusal):
    """Another system makes this model's predictions."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"`{model}` is served elsewhere: its predictions are watched, not made, here."
        )


def ask_retrain(model: str, by: Person, ports: Ports, *, idea: str | None = None) -> None:
    """Start a training of the model with the config that is in force.

    Args:
        model: which model.
        by: who asks.
        ports: the outside world.
        idea: the id of the idea that the version is to try; `None` for none.

    Raises:
        Unknown: no config was ever applied for this model, or it has no such idea.
        NotAllowed: the person may not.
        IdeaAnswered: the idea has come to its end.
        ServedElsewhere: there is nothing to train here.
    """
    config = permit(Verb.RETRAIN, by, model, ports)
    if config.serving == "elsewhere":
        raise ServedElsewhere(model)
    if idea is not None:
        idea_to_try(idea, model, ports)
    now = ports.now()
    ports.jobs.start(
        Job(
            function="retrain",
            event={
                "model": model,
                "reason": "a person asked",
                "asked_by": by.id,
                "asked_at": now.isoformat(),
                "idea": idea,
            },
            id=fact_id("job", "retrain", model, config.hash, idea or "", f"{now:%Y-%m-%dT%H:%M}"),
        )
    )
