"""What people read on request: the queue, the state of the models, help; and the App Home."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from core.adapters.slack.actions import TAKE
from core.adapters.slack.arrival_line import arrival_line
from core.adapters.slack.blocks import (
    Block,
    context,
    cut,
    divider,
    escape,
    header,
    option,
    plain,
    section,
    some,
    when,
    who,
)
from core.adapters.slack.realised_line import foretold_lines, realised_line
from core.domain.alert import Alert
from core.domain.model_config import ModelConfig
from core.domain.outbox import Channel
from core.domain.served import Served
from core.domain.serving import Serving, short
from core.domain.wording import percent
from core.flows.model_state import ModelState
from core.flows.overview import Overview

_MOST_SHOWN: Final = 20  # a phone shows about eight; Slack allows fifty blocks
_MOST_LINE: Final = 140  # of twenty lines in one section
_MOST_UNREACHED: Final = 5

HELP: Final = (
    "*What you can say*",
    "`/watch status` which models are watched, what serves, what waits",
    "`/watch queue` the open alerts, most urgent first",
    "`/watch acknowledge ALERT` you have it",
    "`/watch prioritise ALERT P1` how urgent it is, P1 to P4",
    "`/watch resolve ALERT` close it and say why",
    "`/watch incident ALERT` (or `/incident ALERT`) file an incident report",
    "`/watch report INCIDENT` the report as a document",
    "`/watch retrain MODEL` train a version with the config in force; `… idea IDEA` to try one",
    "`/watch idea MODEL` propose an idea; `/watch ideas MODEL` what came of them",
    "`/watch promote MODEL` (or `/promote MODEL`) look at what wants to serve, then promote it",
    "`/watch rollback MODEL` (or `/rollback MODEL`) look at the champion, then roll it back",
    "`/watch served MODEL` which version served since when",
    "`/watch flag MODEL DAY ROW LABEL` a row was predicted wrong; `/watch failures MODEL` them all",
    "`/watch explain MODEL A B` why B differs from A: days, `FIRST..LAST`, or versions",
    "`/watch rules MODEL` how often each rule fired and was ignored, and what is quiet",
    "`/watch card MODEL` who decided what about it, when, on which evidence",
    "`/watch model MODEL` what it is checked against, and how small an error that shows",
)


def status_screen(seen: Overview) -> list[Block]:
    """Draw each model: what serves, what is on which stage, how many alerts wait."""
    if not seen.models:
        return [section("No model is watched yet. `watchkeeper apply FILE` adds one.")]
    drawn = [section(_health_line(channel)) for channel in seen.unreached[:_MOST_UNREACHED]]
    drawn += [section(_model_line(config, seen)) for config in seen.models[:_MOST_SHOWN]]
    if len(seen.models) > _MOST_SHOWN:
        drawn.append(context(f"… and {len(seen.models) - _MOST_SHOWN} more, in which less waits"))
    return drawn


def queue_screen(alerts: Sequence[Alert]) -> list[Block]:
    """Draw the open alerts and a menu of those that nobody has."""
    if not alerts:
        return [section(":white_check_mark: No alert is open.")]
    drawn = [section(_alert_line(alert)) for alert in alerts[:_MOST_SHOWN]]
    if len(alerts) > _MOST_SHOWN:
        drawn.append(context(f"… and {len(alerts) - _MOST_SHOWN} more"))
    free = [alert for alert in alerts if alert.owner is None][:_MOST_SHOWN]
    if free:
        drawn.append(_take_menu(free))
    return drawn


def help_screen() -> list[Block]:
    """Draw every verb with its meaning."""
    return [section("\n".join(HELP))]


def served_screen(model: str, history: Sequence[Served]) -> list[Block]:
    """Draw which version served since when."""
    if not history:
        return [section(f"Nothing has served for `{model}` yet.")]
    lines = [
        f"`{short(line.version)}` since {when(line.since)}, {line.how} by {who(line.by)}"
        for line in history[:_MOST_SHOWN]
    ]
    return [section("\n".join(lines))]


def model_screen(state: ModelState, now: datetime) -> list[Block]:
    """Draw one model: what is known of it, and the smallest error that is seen in each column."""
    config, known = state.config, state.sensitivity
    facts = "\n".join(f"*{label}:* {escape(words)}" for label, words in state.facts(now))
    drawn = [section(f"*{config.model}* {escape(config.about)}\n{facts}")]
    if known is None:
        return [*drawn, context("The next training measures how small an error is seen.")]
    if known.columns:
        sentences = [escape(cut(of.sentence, _MOST_LINE)) for of in known.columns]
        drawn.append(
            section(f"*The smallest errors that are seen*\n{some(sentences, _MOST_SHOWN)}")
        )
    measured = "" if state.is_measured else f" Measured {when(known.measured_at)}."
    return [*drawn, context(escape(known.explanation) + measured)]


def home_view(seen: Overview) -> Block:
    """Draw the App Home: the queue first, then the models."""
    return {
        "type": "home",
        "blocks": [
            header("Queue"),
            *queue_screen(seen.alerts),
            divider(),
            header("Models"),
            *status_screen(seen),
            divider(),
            *help_screen(),
        ],
    }


def _health_line(channel: Channel) -> str:
    since = f" since {when(channel.failing_since)}" if channel.failing_since else ""
    return (
        f":no_entry: Messages to <#{channel.id}> do not arrive{since}: "
        f"{escape(cut(channel.reason or 'unknown', _MOST_LINE))}. They wait, in order."
    )


def _model_line(config: ModelConfig, seen: Overview) -> str:
    waiting = sum(alert.model == config.model for alert in seen.alerts)
    alerts = f"{waiting} open alert{'' if waiting == 1 else 's'}"
    if config.serving == "elsewhere":
        serves = "served elsewhere, watched here"
    else:
        serves = _serves(seen.serving.get(config.model))
    return (
        f"*{config.model}* {escape(config.about)}\n"
        f"{serves} · {alerts} · owner <@{config.owner}>\n"
        f"{realised_line(seen.realised.get(config.model))}\n"
        f"{foretold_lines(seen.foretold.get(config.model))}"
        f"{_slo(config, seen)}"
        f"{_on_call(config.model, seen)}"
        f"{_arrival(config.model, seen)}"
    )


def _slo(config: ModelConfig, seen: Overview) -> str:
    standing = seen.slos.get(config.model)
    return f"SLO: {escape(standing.sentence(config))}\n" if standing else ""


def _on_call(model: str, seen: Overview) -> str:
    shift = seen.on_call.get(model)
    if shift is None:
        return ""
    then = "" if shift.next_person == shift.person else f", then {who(shift.next_person)}"
    return f"On call: {who(shift.person)} until {when(shift.ends_at)}{then}\n"


def _arrival(model: str, seen: Overview) -> str:
    watch, late = seen.watches.get(model), seen.late.get(model, ())
    return arrival_line(watch, late, seen.awaited.get(model, ()))


def _serves(serving: Serving | None) -> str:
    if serving is None or serving.champion is None:
        return "no version yet"
    beside = [f"{what} `{short(version)}`{how}" for what, version, how in _beside(serving)]
    waiting = [f"{len(serving.queue)} in the queue"] if serving.queue else []
    return ", ".join([f"champion `{short(serving.champion)}`", *beside, *waiting])


def _beside(serving: Serving) -> list[tuple[str, str, str]]:
    """Name the versions that predict beside the champion: as what, which, and how far it is."""
    share = f" with {percent(serving.canary_share)} of the entities"
    canary = None if serving.holds_back else serving.canary
    placed = (("canary", canary, share), ("in shadow", serving.challenger, ""))
    found: list[tuple[str, str, str]] = [
        (what, version, f"{how} (stands for promotion)" if version == serving.ready else how)
        for what, version, how in placed
        if version is not None
    ]
    held_back = share if serving.holds_back else ""
    return [*found, ("guarded by", serving.guard, held_back)] if serving.guard else found


def _alert_line(alert: Alert) -> str:
    has_it = f"{who(alert.owner)} has it" if alert.owner else "nobody has it"
    quiet = "not posted, its rule is quiet · " if alert.is_quiet else ""
    return f"*{escape(cut(alert.headline, 300))}*\n{quiet}{has_it} · `{alert.id}`"


def _take_menu(free: Sequence[Alert]) -> Block:
    return {
        "type": "actions",
        "elements": [
            {
                "type": "static_select",
                "action_id": TAKE,
                "placeholder": plain("Acknowledge one…"),
                "options": [option(alert.headline, alert.id) for alert in free],
            }
        ],
    }
