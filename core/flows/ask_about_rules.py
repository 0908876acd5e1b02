"""Ask whoever answers for a written rule what becomes of it: once, when it needs an answer."""

from collections.abc import Iterator
from typing import Final

from core.domain.constraint import Constraint
from core.domain.ids import fact_id
from core.domain.model_config import MOST_MODELS, InForce, ModelConfig
from core.domain.outbox import OutboxEntry
from core.domain.person_name import PersonName
from core.domain.timeline import Line
from core.ports import Ports, new

_NOBODY: Final = "Whoever looks after `{model}`"


def ask_about_rules(ports: Ports) -> int:
    """Ask about each rule that has expired, or whose owner is gone; return how many questions.

    A rule that has expired is asked about once, and once more when it got another last day that
    has passed. The sweep delivers within a minute: no question is so urgent that it must be woken.
    """
    in_force = ports.records.query(InForce, "models", limit=MOST_MODELS)
    lines = (line for pointer in in_force for line in _questions(pointer.config, ports))
    return sum(_ask(line, channel, ports) for channel, line in lines)


def _questions(config: ModelConfig, ports: Ports) -> Iterator[tuple[str, Line]]:
    for rule in config.constraints:
        owner = ports.records.get(PersonName, rule.owner)
        is_gone = owner is not None and owner.is_gone
        if not rule.is_judged_on(ports.now().date()):
            why = "expired"
        elif is_gone:
            why = "gone"
        else:
            continue
        asked = config.owner if is_gone else rule.owner
        yield (
            config.channel,
            Line(
                id=fact_id("lin", "rule", config.model, rule.id, why),
                subject=config.model,
                at=ports.now(),
                number=0,
                who=_address(asked, config, ports),
                what=_expired(rule, config) if why == "expired" else _left(rule, config, owner),
            ),
        )


def _ask(line: Line, channel: str, ports: Ports) -> bool:
    """Put the question into the outbox; False if it was asked before."""
    if ports.records.get(Line, line.id) is not None:
        return False
    return ports.records.commit(new(line), new(OutboxEntry.card(line, channel, line.at)))


def _address(person: str, config: ModelConfig, ports: Ports) -> str:
    known = ports.records.get(PersonName, person)
    if known is not None and known.is_gone:  # the owner of the model as well
        return _NOBODY.format(model=config.model)
    return f"<@{person}>"


def _expired(rule: Constraint, config: ModelConfig) -> str:
    return (
        f"is asked about a rule that expired after {rule.expires} and is no longer judged: "
        f"{_told(rule, config)}. Give it a new `expires` in the config, or drop it there."
    )


def _left(rule: Constraint, config: ModelConfig, owner: PersonName | None) -> str:
    name = owner.name if owner and owner.name else rule.owner
    return (
        f"is asked who maintains a rule from now on, since {name} has left Slack: "
        f"{_told(rule, config)}. Name another `owner` in the config, or drop it there; "
        f"it is judged until {rule.expires}."
    )


def _told(rule: Constraint, config: ModelConfig) -> str:
    """Say which rule it is, and why it was made."""
    column = rule.column or ""
    unit = config.columns[column].unit if column in config.columns else None
    words = rule.in_words(unit, is_sensitive=column in config.sensitive)
    subject = f"`{column}` of `{config.model}`" if column else f"a partition of `{config.model}`"
    return f"{subject}, {words} ({rule.reason})"
