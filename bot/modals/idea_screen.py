"""The ideas for one model, as they are whispered to whoever asks."""

from collections.abc import Sequence
from typing import Final

from core.adapters.slack.blocks import Block, cut, escape, section, who
from core.domain.idea import Idea

_MOST_SHOWN: Final = 20
_MOST_CHARS: Final = 100  # of an idea: twenty of them fit into one section


def ideas_screen(model: str, ideas: Sequence[Idea]) -> list[Block]:
    """Draw each idea in a line: what, whose, until when, what came of it."""
    if not ideas:
        return [section(f"Nobody has an idea for `{model}` yet: `/watch idea {model}`.")]
    lines = [_line(idea) for idea in ideas[:_MOST_SHOWN]]
    if len(ideas) > _MOST_SHOWN:
        lines.append(f"… and {len(ideas) - _MOST_SHOWN} older ones")
    return [section("\n".join(lines))]


def _line(idea: Idea) -> str:
    until = f"until {idea.proposal.kill_by}" if idea.is_open else f"{idea.state}"
    said = escape(cut(idea.proposal.hypothesis, _MOST_CHARS))
    return f"• {said} · {who(idea.proposal.owner)} · {until}"
