"""Ask Slack, on a schedule, who is in the user groups that configs name."""

from core.domain.access import GroupMembers
from core.domain.model_config import MOST_MODELS, InForce
from core.ports import Ports, changed, new


def refresh_people(ports: Ports) -> int:
    """Cache the members of every named group, so that a click never has to ask; return how many.

    Raises:
        Unavailable: Slack did not answer; the earlier members stay.
    """
    groups = {
        name
        for in_force in ports.records.query(InForce, "models", limit=MOST_MODELS)
        for name in (*in_force.config.access.responders, *in_force.config.access.approvers)
        if name.startswith("S")
    }
    for name in sorted(groups):
        stored = ports.records.get(GroupMembers, name)
        members, now = ports.people.members(name), ports.now()
        if stored is None:
            ports.records.commit(new(GroupMembers(id=name, members=members, as_of=now)))
        else:
            fresh = stored.model_copy(update={"members": members, "as_of": now})
            ports.records.commit(changed(fresh))
    return len(groups)
