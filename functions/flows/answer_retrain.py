"""Answer a person whose training came to nothing new: no card says so by itself."""

from datetime import datetime

from core.domain.challenge import Challenge
from core.domain.ids import fact_id
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.domain.serving import short
from core.domain.timeline import Line
from core.domain.version import Version
from core.flows.permit import config_of
from core.flows.telling import wake
from core.ports import Ports, new
from functions.flows.retrain import Retrained


def answer_retrain(done: Retrained, asked_by: str, asked_at: datetime, ports: Ports) -> bool:
    """Say in the channel that config and data have not changed; False when a card has said it all.

    A version that was made after the person asked is what they asked for, found again by a retry.
    """
    version = ports.records.get(Version, done.version) if done.version else None
    if version is None or done.decision != "already trained" or version.made_at >= asked_at:
        return False
    model = version.manifest.model
    channel, now = config_of(model, ports).channel, ports.now()
    line = Line(
        id=fact_id("lin", "unchanged", version.id, asked_by, asked_at.isoformat()),
        subject=Challenge.id_of(model, version.id),
        at=now,
        number=0,
        who=Person(id=asked_by).mention,
        what=f"asked for a training of `{model}`: config and data are those of version "
        f"`{short(version.id)}`, so there is no new version.",
    )
    is_new = ports.records.commit(new(line), new(OutboxEntry.card(line, channel, now)))
    wake(line, channel, ports)
    return is_new
