"""Answer a person whose training came to nothing new: no card says so by itself."""

from datetime import datetime

from core.domain.challenge import Challenge
from core.domain.ids import VersionId, fact_id
from core.domain.outbox import OutboxEntry
from core.domain.person import Person
from core.domain.serving import short
from core.domain.timeline import Line
from core.domain.version import Version
from core.flows.permit import config_of
from core.flows.telling import wake
from core.ports import Ports, new
from functions.flows.retrain import Retrained


def answer_retrain(
    model: str, done: Retrained, asked_by: str, asked_at: datetime, ports: Ports
) -> bool:
    """Say in the channel that there is no new version; False when a card has said it all.

    A version that was made after the person asked is what they asked for, found again by a retry.
    """
    why = _why_nothing_new(done, asked_at, ports)
    if why is None or done.version is None:
        return False
    channel, now = config_of(model, ports).channel, ports.now()
    line = Line(
        id=fact_id("lin", "unchanged", done.version, asked_by, asked_at.isoformat()),
        subject=Challenge.id_of(model, done.version),
        at=now,
        number=0,
        who=Person(id=asked_by).mention,
        what=f"asked for a training of `{model}`: {why}",
    )
    is_new = ports.records.commit(new(line), new(OutboxEntry.card(line, channel, now)))
    wake(line, channel, ports)
    return is_new


def _why_nothing_new(done: Retrained, asked_at: datetime, ports: Ports) -> str | None:
    if done.decision == "already training":
        return "one with the same config and data is running; its card comes when that is done."
    version = ports.records.get(Version, done.version or VersionId(""))
    if version is None or done.decision != "already trained" or version.made_at >= asked_at:
        return None
    return (
        f"config and data are those of version `{short(version.id)}`, so there is no new version."
    )
