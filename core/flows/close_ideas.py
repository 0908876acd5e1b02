"""Answer the ideas that have come to their end, beside what was expected of them."""

from contextlib import suppress

from core.domain.challenge import Challenge
from core.domain.errors import Busy
from core.domain.idea import Idea, IdeaState
from core.domain.person import Person
from core.flows.change import change
from core.flows.propose_idea import open_ideas
from core.flows.telling import told
from core.ports import Ports, Write


def close_ideas(ports: Ports, model: str | None = None) -> int:
    """Answer each open idea whose versions were promoted or killed, or whose last day has passed.

    Done when a version of the model moved, and each hour: then also what somebody was changing just
    now. The sweep delivers within a minute: no answer is so urgent that it must be woken.

    Args:
        ports: the outside world.
        model: only those for this model; `None` for all.

    Returns:
        How many were answered.
    """
    asked = [idea for idea in open_ideas(ports) if model in {None, idea.model}]
    return sum(_close(idea, ports) for idea in asked)


def _close(listed: Idea, ports: Ports) -> bool:
    if _outcome(listed, ports) is None:
        return False

    def step(idea: Idea) -> tuple[Idea, list[Write]]:
        found = _outcome(idea, ports)
        if found is None or not idea.is_open:  # answered by another run, or tried again meanwhile
            return idea, []
        state, answer = found
        after = idea.answered(state, answer, ports.now())
        what = f"answered the idea: {state}. {answer}"
        return after, told(after, after.channel, Person.machine(), what, ports)

    with suppress(Busy):
        return not change(Idea, listed.id, step, ports).is_open
    return False


def _outcome(idea: Idea, ports: Ports) -> tuple[IdeaState, str] | None:
    found = (
        ports.records.get(Challenge, Challenge.id_of(idea.model, version))
        for version in idea.versions
    )
    return idea.outcome([of for of in found if of is not None], ports.now().date())
