"""Ask Slack, on a schedule, who is in the groups that configs name, and what people are called."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from core.domain.access import GroupMembers
from core.domain.incident import Incident
from core.domain.model_config import MOST_MODELS, InForce, ModelConfig
from core.domain.person_name import PersonName, mentioned
from core.domain.timeline import Line
from core.ports import Ports, changed, new

_NAMES_AT_ONCE: Final = 50  # Slack answers a hundred of these questions a minute
_NAME_LASTS: Final = timedelta(days=1)
_REPORTS_READ_FOR: Final = timedelta(days=7)
_MOST_REPORTS: Final = 20


def refresh_people(ports: Ports) -> int:
    """Cache who is in each group, so that a click never has to ask; return how many groups.

    Then the names of those who may act, and of those who did in incidents of late.

    Raises:
        Unavailable: Slack did not answer; what was known before stays.
    """
    in_force = ports.records.query(InForce, "models", limit=MOST_MODELS)
    configs = [pointer.config for pointer in in_force]
    named = {name for config in configs for name in config.named}
    groups = sorted(name for name in named if name.startswith("S"))
    members = [_refresh_group(group, ports) for group in groups]
    people = sorted(named.difference(groups).union(*members))
    _refresh_names([*people, *_reported(configs, ports)], ports)
    return len(groups)


def _refresh_group(group: str, ports: Ports) -> frozenset[str]:
    stored = ports.records.get(GroupMembers, group)
    members, now = ports.people.members(group), ports.now()
    if stored is None:
        ports.records.commit(new(GroupMembers(id=group, members=members, as_of=now)))
    else:
        fresh = stored.model_copy(update={"members": members, "as_of": now})
        ports.records.commit(changed(fresh))
    return members


def _reported(configs: Iterable[ModelConfig], ports: Ports) -> list[str]:
    """Name the people in the timelines of reports that somebody may be about to read."""
    since = ports.now() - _REPORTS_READ_FOR
    people: list[str] = []
    for config in configs:
        for incident in ports.records.query(
            Incident, f"incidents:{config.model}", newest_first=True, limit=_MOST_REPORTS
        ):
            if incident.opened_at >= since:
                lines = ports.records.query(Line, f"timeline:{incident.alert}")
                people += [person for line in lines for person in mentioned(line.who)]
                people += [incident.closed_by] if incident.closed_by else []
    return people


def _refresh_names(people: Iterable[str], ports: Ports) -> None:
    now = ports.now()
    stored = ((id_, ports.records.get(PersonName, id_)) for id_ in dict.fromkeys(people))
    old = ((id_, known) for id_, known in stored if known is None or _is_old(known, now))
    for id_, known in islice(old, _NAMES_AT_ONCE):
        said = (known or PersonName(id=id_, name=None, as_of=now)).says(
            ports.people.profile(id_), now
        )
        ports.records.commit(changed(said) if known else new(said))


def _is_old(known: PersonName, now: datetime) -> bool:
    return now - known.as_of >= _NAME_LASTS
