"""A draft as a YAML file with comments, in the order in which a person reads it."""

from collections.abc import Iterator, Sequence

import yaml

from core.domain.model_config import Alerting
from infra.local.first_config.draft import (
    ABOUT,
    CHANNEL,
    NO_COLUMN,
    OWNER,
    Chosen,
    Draft,
    decisions,
)
from infra.local.first_config.goals import Goal

_MOST_NAMED = 6  # further candidates that a comment lists


def written(draft: Draft) -> str:
    """Write a draft down; what it says is valid."""
    return "\n".join(_lines(draft)) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    days, read = draft.features.partitions, draft.features.read
    yield f"# Proposed from {len(read)} of {len(days)} partitions, {days[0]} to {days[-1]}."
    yield "# You have to decide:"
    yield from (f"#   {_plain(line)}" for line in decisions(draft))
    yield f"model: {_value(draft.model)}"
    yield f"about: {ABOUT}  # DECIDE: one sentence, shown to whoever is on call"
    yield f"owner: {OWNER}  # DECIDE: a person's Slack id"
    yield f"channel: {CHANNEL}  # DECIDE: a channel's Slack id"
    yield f"serving: {'here' if draft.score is None else 'elsewhere'}"
    yield ""
    yield from _data(draft)
    yield ""
    yield "target:"
    yield f"  column: {_chosen(draft.target)}"
    yield from _goal(draft.goal)
    yield f"  delay_days: {draft.delay_days}  # DECIDE: how late labels come"
    yield ""
    yield from _columns(draft)
    yield ""
    yield from _sensitive(draft)
    yield ""
    yield from _training(draft)
    yield ""
    yield "alerts:"
    budget = Alerting().partitions_per_false_alarm
    yield f"  partitions_per_false_alarm: {budget}  # about one false alarm in so many of them"
    yield f"  minimum_rows: {draft.judged_rows}  # with fewer only what is plainly wrong is told"


def _data(draft: Draft) -> Iterator[str]:
    yield "data:"
    yield f"  features: {_value(draft.features.prefix)}"
    none = "" if draft.has_labels else "  # DECIDE: none lie there now"
    yield f"  labels: {_value(draft.labels)}{none}"
    if draft.score is not None and draft.predictions is not None:
        yield "  predictions:"
        yield f"    prefix: {_value(draft.predictions)}"
        if draft.scores:
            yield f"    scores: [{_listed(draft.scores)}]  # in the order of target.classes"
        else:
            yield f"    score: {_chosen(draft.score)}"
    yield f"  key: {_chosen(draft.key)}"
    yield f"  event_time: {_chosen(draft.event_time)}"
    complete = draft.features.complete
    if not complete.is_at_once:
        rule = ", ".join(f"{key}: {name}" for key, name in complete if name)
        yield f"  complete: {{{rule}}}  # it lies in each partition: until then nothing is checked"


def _goal(goal: Goal) -> Iterator[str]:
    if goal.task != "binary":
        yield f"  task: {goal.task}"
    if goal.classes:
        yield f"  classes: [{_listed(goal.classes)}]  # DECIDE: those that were seen"
    if goal.between is not None:
        low, high = goal.between
        yield f"  between: [{low}, {high}]  # DECIDE: the smallest and largest that were seen"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(_quoted(name) for name in names)


def _quoted(text: str) -> str:
    """Write a text for a list in one line, where a comma would begin the next one."""
    dumped = yaml.safe_dump([text], default_flow_style=True, width=10**6, allow_unicode=True)
    return dumped.strip()[1:-1]


def _columns(draft: Draft) -> Iterator[str]:
    yield "columns:  # a number may have a unit, for sentences: {type: number, unit: km}"
    for one in draft.watched:
        remark = f"  # {_plain(one.remark)}" if one.remark else ""
        yield f"  {_value(one.column)}: {{type: {one.type}}}{remark}"
    if not draft.watched:
        yield f"  {NO_COLUMN}: {{type: number}}  # DECIDE: no column seems worth watching"
    if draft.left_out:
        yield "  # Not watched:"
    yield from (f"  #   {_plain(one.column)}: {one.why}" for one in draft.left_out)


def _sensitive(draft: Draft) -> Iterator[str]:
    yield "# Columns whose values never reach Slack, logs or reports."
    if not draft.sensitive:
        yield "sensitive: []  # none was recognised"
        return
    yield "sensitive:"
    yield from (f"  - {_value(name)}  # {why}" for name, why in draft.sensitive.items())


def _training(draft: Draft) -> Iterator[str]:
    yield "training:"
    is_number = draft.goal.task == "regression"
    kind = "Regressor" if is_number else "Classifier"
    yield f"  estimator: HistGradientBoosting{kind}"
    yield f"  window_days: {draft.window_days}"
    yield f"  validation_days: {draft.validation_days}"
    yield f"  minimum_rows: {draft.minimum_rows}  # with fewer labelled rows nothing is trained"
    if draft.is_trained_here:
        yield "  every_days: 14"
    else:
        yield "  # every_days: 14  # not yet: nothing can be trained, or another system predicts"


def _chosen(chosen: Chosen) -> str:
    if chosen.is_open:
        return f"{chosen.column}  # DECIDE: none was recognised"
    guess = "  # DECIDE: a guess" if chosen.is_guess and not chosen.others else ""
    return f"{_value(chosen.column)}{_or(chosen.others)}{guess}"


def _or(others: Sequence[str]) -> str:
    if not others:
        return ""
    more = " …" if len(others) > _MOST_NAMED else ""
    return f"  # DECIDE: or {_plain(', '.join(others[:_MOST_NAMED]))}{more}"


def _value(text: str) -> str:
    """Write a text so that YAML reads it as this text, whatever it looks like."""
    dumped = yaml.safe_dump(text, width=10**6, allow_unicode=True)
    return dumped.removesuffix("\n").removesuffix("\n...")


def _plain(text: str) -> str:
    """Keep a comment on its line."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text
    )
