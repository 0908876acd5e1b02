"""A person asks for a training; it runs as a job, longer than Slack waits."""

from core.domain.access import Verb
from core.domain.alert import Alert
from core.domain.errors import Refusal, Unknown
from core.domain.job import Job
from core.domain.person import Person
from core.flows.permit import permit
from core.flows.propose_idea import idea_to_try
from core.flows.retrain_on_drift import because_of, note_training
from core.ports import Ports


class ServedElsewhere(Refusal):
    """Another system makes this model's predictions."""

    def __init__(self, model: str) -> None:
        super().__init__(
            f"`{model}` is served elsewhere: its predictions are watched, not made, here."
        )


def ask_retrain(
    model: str,
    by: Person,
    ports: Ports,
    reason: str = "a person asked",
    *,
    idea: str | None = None,
) -> None:
    """Start a training of the model with the config that is in force.

    Args:
        model: which model.
        by: who asks.
        ports: the outside world.
        reason: why, in words for its card.
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
    key = f"{config.hash} {idea or ''} {now:%Y-%m-%dT%H:%M}"
    job = Job.retrain(model, reason, by.id, key)
    event = job.event | {"asked_at": now.isoformat(), "idea": idea}
    ports.jobs.start(job.model_copy(update={"event": event}))


def ask_retrain_for(alert_id: str, by: Person, ports: Ports) -> Alert:
    """Start a training because of an alert about natural drift; once for each alert.

    Raises:
        Unknown: there is no such alert.
        NotAllowed: the person may not.
        ServedElsewhere: there is nothing to train here.
        AlreadyTraining: one was started because of it before.
    """
    alert = ports.records.get(Alert, alert_id)
    if alert is None:
        raise Unknown("alert", alert_id)
    alert.starting_training()
    ask_retrain(alert.model, by, ports, because_of(alert))
    return note_training(alert_id, by, ports)
