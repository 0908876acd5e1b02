"""Who may do what: verb -> role -> people and user groups of the model's config."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from pydantic import AwareDatetime

from core.domain.base import Record
from core.domain.errors import Refusal
from core.domain.model_config import Access
from core.domain.person import Person


class Verb(StrEnum):
    """What people do, spelled as in commands and in the timeline."""

    ACKNOWLEDGE = "acknowledge"
    PRIORITISE = "prioritise"
    RESOLVE = "resolve"
    REPORT = "report"
    PROPOSE = "propose an idea"
    DECIDE = "decide about the contract"
    QUIETEN = "make a rule quieter"
    RETRAIN = "retrain"
    PROMOTE = "promote"
    KILL = "kill"
    ROLL_BACK = "roll back"


_FOR_APPROVERS = {Verb.PROMOTE, Verb.KILL, Verb.ROLL_BACK, Verb.RETRAIN, Verb.QUIETEN}


class NotAllowed(Refusal):
    """The person has not the role that the verb needs."""

    def __init__(self, verb: Verb, allowed: tuple[str, ...]) -> None:
        names = ", ".join(f"<!subteam^{a}>" if a.startswith("S") else f"<@{a}>" for a in allowed)
        super().__init__(f"You may not {verb} here. Please ask one of: {names}.")
        self.verb, self.allowed = verb, allowed


class GroupMembers(Record):
    """Who is in a Slack user group, as of the last time we asked."""

    kind: ClassVar[str] = "group_members"

    members: frozenset[str]
    as_of: AwareDatetime


def allowed_for(verb: Verb, access: Access) -> tuple[str, ...]:
    """Name the people and groups that may; empty means that everybody may."""
    if verb in _FOR_APPROVERS:
        return access.approvers
    if not access.responders:
        return ()
    return access.responders + access.approvers


def require(verb: Verb, by: Person, access: Access, members: Mapping[str, frozenset[str]]) -> None:
    """Let the person pass, or refuse.

    Args:
        verb: what the person wants to do.
        by: who wants to do it.
        access: what the model's config says.
        members: of each group that the config names, who is in it; a group that is missing has
            nobody in it.

    Raises:
        NotAllowed: the person is not among those who may.
    """
    allowed = allowed_for(verb, access)
    if by.is_trusted or not allowed or by.id in allowed:
        return
    if any(by.id in members.get(name, frozenset()) for name in allowed):
        return
    raise NotAllowed(verb, allowed)
