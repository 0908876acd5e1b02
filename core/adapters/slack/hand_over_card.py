"""The card at the end of a shift: what one person on call leaves to the next."""

from collections.abc import Sequence
from typing import Final

from core.adapters.slack.blocks import (
    Block,
    Card,
    context,
    cut,
    escape,
    fallback,
    section,
    some,
    when,
    who,
)
from core.domain.hand_over import HandOver
from core.domain.wording import many

_MOST_NAMED: Final = 8  # of each kind: it is read on a phone
_MOST_LINE: Final = 200


def hand_over_card(report: HandOver) -> Card:
    """Draw what is open, what was closed, what nobody cared for, and how the SLO stands."""
    to = who(report.to_person)
    same = report.from_person == report.to_person
    title = f"{to} goes on" if same else f"{who(report.from_person)} hands over to {to}"
    card = [section(f"*{report.model}* {title}\n{_waits(report)}")]
    for heading, lines in (
        ("Still open", report.still_open),
        ("Incidents that are not closed", report.unfinished),
        ("Ignored in this shift", report.ignored),
        ("Closed in this shift", report.closed),
    ):
        card += _list(heading, lines)
    small = [f"The shift from {when(report.begins_at)} to {when(report.ends_at)}"]
    if report.slo:
        small.append(f"SLO: {escape(cut(report.slo, _MOST_LINE))}")
    if report.not_posted:
        small.append(f"{many(report.not_posted, 'alert')} not posted, as their rule is quiet")
    return Card(fallback(f"{report.model}: {title}. {_waits(report)}"), [*card, context(*small)])


def _waits(report: HandOver) -> str:
    if not (report.still_open or report.unfinished):
        return "Nothing waits."
    waiting = many(len(report.still_open), "open alert")
    return f"{waiting}, {many(len(report.unfinished), 'incident')} not closed."


def _list(heading: str, lines: Sequence[str]) -> list[Block]:
    if not lines:
        return []
    shown = [escape(cut(line, _MOST_LINE)) for line in lines]
    return [section(f"*{heading}*\n{some(shown, _MOST_NAMED)}")]
