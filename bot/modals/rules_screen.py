"""What people read about a model's rules: how often each fired and was ignored, what is quiet."""

from collections.abc import Sequence
from typing import Final

from core.adapters.slack.actions import TELL_ALL
from core.adapters.slack.blocks import (
    Block,
    actions,
    button,
    context,
    cut,
    escape,
    section,
    some,
    who,
)
from core.domain.ledger import TrackRecord, rule_in_words
from core.domain.quiet import Quiet

_MOST_SHOWN: Final = 20
_MOST_LINE: Final = 140
_DEFINED: Final = (
    "Ignored: nobody took it for a day, or it was closed without an incident, a training, or a "
    "change (real drift, data bug, fixed by retrain). Precision: of those closed, the share that "
    "was no noise. Duplicates do not count, and a partition that still shows it counts once."
)


def rules_screen(model: str, records: Sequence[TrackRecord], quiet: Sequence[Quiet]) -> list[Block]:
    """Draw each rule that fired, the most ignored first, and what is quiet with a way back."""
    if not records and not quiet:
        return [section(f"No rule of `{model}` has fired in three months.")]
    drawn = []
    if records:
        lines = [escape(cut(record.sentence, _MOST_LINE)) for record in records]
        drawn.append(section(f"*Rules of {model}*\n{some(lines, _MOST_SHOWN)}"))
    for rule in quiet[:_MOST_SHOWN]:
        said = f"*{escape(rule_in_words(rule.rule))}* is quiet until {rule.until}"
        drawn.append(section(f"{said}, by {who(rule.by)}: {escape(rule.because)}"))
        drawn.append(actions(button("Tell everything again", TELL_ALL, value=rule.id)))
    return [*drawn, context(_DEFINED)]
