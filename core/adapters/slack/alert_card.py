"""The card of an alert: what, since when, how bad, who is affected, what to do, who has it."""

from collections.abc import Sequence
from typing import Final

from core.adapters.slack.actions import (
    ACKNOWLEDGE,
    MORE,
    QUIETEN,
    REPORT_CHOICE,
    RESOLVE,
    RETRAIN,
    MenuChoice,
)
from core.adapters.slack.blocks import (
    Block,
    Card,
    actions,
    button,
    confirm,
    context,
    cut,
    escape,
    fallback,
    option,
    overflow,
    section,
    some,
    when,
    who,
)
from core.adapters.slack.challenge_buttons import roll_back
from core.domain.alert import Alert, Evidence, Fewer, Priority
from core.domain.lateness import RULE
from core.domain.verdict import Blame, ErrorClass, Severity

_MOST_COLUMNS: Final = 5
_MOST_NAMED: Final = 3
_MOST_CHARS: Final = 600  # of one paragraph: it is read on a phone
_MOST_IN_A_LINE: Final = 300
_ICON: Final = {
    Severity.OK: ":white_check_mark:",
    Severity.WARN: ":warning:",
    Severity.PAGE: ":rotating_light:",
}
_CLASS: Final = {
    ErrorClass.HARD: "hard error: the contract is broken",
    ErrorClass.SOFT: "soft error: a few values are wrong",
    ErrorClass.DRIFT: "drift: the distribution moved",
    None: "reported, not measured",
}
_LATE: Final = "late: not there when it should be"
_WORSE: Final = "a promotion that made it worse"

_LEARNING: Final = "Still learning this model: only what is plainly wrong alerts"


def alert_card(alert: Alert) -> Card:
    """Draw an alert; buttons only while it is open, Acknowledge only while nobody has it."""
    evidence = alert.evidence
    about = f"{alert.model} · {alert.partition}" if alert.partition else alert.model
    title = f"{_ICON[evidence.severity]} *{escape(about)}*  {_severity(alert)}"
    card = [section(f"{title}\n{_mentioning(evidence.blamed, _short(evidence.summary))}")]
    sentences = [
        _mentioning([blame], _short(blame.sentence, _MOST_IN_A_LINE)) for blame in _others(evidence)
    ]
    if sentences:
        card.append(section(some(sentences, _MOST_COLUMNS)))
    looks = f"*Looks like* {_short(evidence.origin)}.\n" if evidence.origin else ""
    card.append(section(f"{looks}*Next step:* {_short(evidence.next_step)}"))
    card.append(context(*_small_print(alert)))
    if alert.is_open:
        card.append(_buttons(alert))
    return Card(fallback(f"{_state(alert)}{escape(alert.headline)}"), card)


def _others(evidence: Evidence) -> Sequence[Blame]:
    """Leave out what the summary says already: a phone shows each column once."""
    blamed = evidence.blamed
    is_said = len(blamed) == 1 or (bool(blamed) and blamed[0].sentence in evidence.summary)
    return blamed[1:] if is_said else blamed


def _short(text: str, most: int = _MOST_CHARS) -> str:
    return escape(cut(text, most))


def _mentioning(blamed: Sequence[Blame], escaped: str) -> str:
    """Let the owners of broken rules, and nobody else whom the text may name, be mentioned."""
    for owner in {blame.rule_of for blame in blamed if blame.rule_of}:
        escaped = escaped.replace(escape(f"<@{owner}>"), f"<@{owner}>")
    return escaped


def _severity(alert: Alert) -> str:
    word = alert.priority or alert.evidence.severity.upper()
    what = _LATE if alert.rule == RULE else _CLASS[alert.evidence.error_class]
    if alert.takes_back is not None:
        what = _WORSE
    return f"{word} · {what}"


def _state(alert: Alert) -> str:
    if not alert.is_open:
        return f"Resolved ({alert.disposition}): "
    return "Acknowledged: " if alert.owner else ""


def _small_print(alert: Alert) -> list[str]:
    evidence = alert.evidence
    raised = f"Reported by {who(alert.reported_by)}" if alert.reported_by else "Raised"
    lines = [f"{raised} {when(alert.raised_at)}"]
    if alert.since and alert.since != alert.partition:
        lines[0] += f", seen since {alert.since}"
    if alert.still_so:
        lines.append(f"Still so on {_partitions(alert.still_so)}")
    if evidence.is_learning:
        lines.append(_LEARNING)
    if evidence.affected:
        lines.append(f"Affected: {_short(evidence.affected, _MOST_IN_A_LINE)}")
    if alert.resolved_by:
        lines.append(f"{who(alert.resolved_by)} resolved it as *{alert.disposition}*")
    elif alert.owner:
        lines.append(f"{who(alert.owner)} has it")
    else:
        lines.append(f"Nobody has it yet{_called(alert)}")
    if alert.incident:
        lines.append(f"Incident report `{alert.incident}`")
    if alert.alike:
        lines.append(_short(alert.alike, _MOST_IN_A_LINE))
    if alert.track_record:
        lines.append(_short(alert.track_record, _MOST_IN_A_LINE))
    return lines


def _called(alert: Alert) -> str:
    """Name who is asked to take it: a mention wakes them once, when the card is posted."""
    if alert.on_call is None:
        return ""
    learns = f", {who(alert.shadow_seat)} watches along" if alert.shadow_seat else ""
    asked = "".join(f", then {who(person)}" for person in alert.escalated_to)
    return f"; {who(alert.on_call)} is on call{asked}{learns}"


def _partitions(names: Sequence[str]) -> str:
    """Name a few, or say how many there are and which is the last."""
    if len(names) > _MOST_NAMED:
        return f"{len(names)} later partitions, last on {names[-1]}"
    return " and ".join(names)


def _buttons(alert: Alert) -> Block:
    row = [button("Resolve…", RESOLVE, value=alert.id)]
    if alert.owner is None:
        row.insert(0, button("Acknowledge", ACKNOWLEDGE, value=alert.id, style="primary"))
    if alert.evidence.is_natural_drift and not alert.has_started_training:
        row.append(button("Retrain", RETRAIN, value=alert.id))
    if alert.fewer is not None:
        row.append(_fewer(alert, alert.fewer))
    choices = [
        option(f"Set priority {priority}", _choice(alert, priority)) for priority in Priority
    ]
    if alert.incident is None:
        choices.append(option("Report an incident…", _choice(alert, REPORT_CHOICE)))
    if alert.takes_back is not None:
        row.insert(0, roll_back(alert.model, alert.takes_back))  # the way out comes first
    row.append(overflow(MORE, choices))
    return actions(*row)


def _fewer(alert: Alert, fewer: Fewer) -> Block:
    question = confirm(
        f"Fewer like this of {alert.model}?",
        f"{fewer.backtest[:1].upper()}{fewer.backtest[1:]}. What is not posted stays in the queue.",
        "For three months",
    )
    return button("Fewer like this…", QUIETEN, value=alert.id, confirm=question)


def _choice(alert: Alert, choice: str) -> str:
    return MenuChoice(alert=alert.id, choice=choice).model_dump_json()
