"""The card of an idea: what is expected of it until when, and what came of it."""

from typing import Final

from core.adapters.slack.blocks import (
    Card,
    context,
    cut,
    escape,
    fallback,
    fields,
    section,
    some,
    when,
    who,
)
from core.domain.idea import Idea, IdeaState
from core.domain.serving import short

_ICON: Final = {
    IdeaState.OPEN: ":bulb: an idea",
    IdeaState.SERVES: ":trophy: an idea that was promoted",
    IdeaState.KILLED: ":no_entry: an idea that was killed",
    IdeaState.OUT_OF_TIME: ":hourglass: an idea whose time is over",
}
_MOST_VERSIONS: Final = 5
_MOST_CHARS: Final = 1000


def idea_card(idea: Idea) -> Card:
    """Draw an idea; how to try it while it is open, what came of it afterwards."""
    proposal, state = idea.proposal, _ICON[idea.state]
    card = [section(f"*{idea.model}* {state}\n{escape(cut(proposal.hypothesis, _MOST_CHARS))}")]
    if idea.is_open:  # the answer repeats what was expected
        expected = ("Expected", escape(proposal.expected))
        owned = ("Owner", who(proposal.owner)), ("Kill by", f"{proposal.kill_by}")
        card.append(fields([expected, *owned]))
    if idea.versions:
        tried = [f"version `{short(version)}`" for version in idea.versions]
        card.append(section(f"*Tried by*\n{some(tried, _MOST_VERSIONS)}"))
    if idea.answer:
        card.append(section(f"*What came of it*\n{escape(cut(idea.answer, _MOST_CHARS))}"))
    card.append(context(*_small_print(idea)))
    words = state.split(": ")[-1]
    return Card(fallback(f"{idea.model}: {words}: {escape(proposal.hypothesis)}"), card)


def _small_print(idea: Idea) -> list[str]:
    lines = [f"`{idea.id}` · proposed by {who(idea.proposed_by)}, {when(idea.proposed_at)}"]
    if idea.is_open:
        lines.append(
            f"To try it: `/watch retrain {idea.model} idea {idea.id}`, or "
            f"`watchkeeper apply FILE --idea {idea.id}`"
        )
    elif idea.answered_at is not None:
        lines.append(f"Owner {who(idea.proposal.owner)}")
        lines.append(f"Answered {when(idea.answered_at)}")
    return lines
