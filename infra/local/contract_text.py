"""`watchkeeper contract`: what a model's data must keep, as lines for a terminal."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby

from core.domain.constraint import Constraint
from core.domain.contract import ColumnContract, Kept
from core.domain.contract_change import ContractChange
from core.domain.finding import ROWS
from core.domain.partition_check import PartitionCheck
from core.domain.person_name import with_names
from core.domain.wording import numbers
from core.flows.contract_overview import ContractOverview


def contract_text(seen: ContractOverview) -> Iterator[str]:
    """Write the rules people answer for, what was learned beside them, and its changes."""
    yield f"What the data of `{seen.config.model}` must keep"
    yield ""
    yield "Written in the config"
    yield from _table([_written(rule, seen) for rule in seen.config.constraints])
    yield ""
    if seen.learned is None:
        yield "Learned: nothing yet, the first training does that."
        return
    learned = seen.learned
    days = _age((seen.now - learned.learned_at).days)
    partitions = f"{learned.partitions} trusted partitions, {learned.first} to {learned.last}"
    yield f"Learned from {partitions}; refitted {learned.learned_at:%Y-%m-%d} ({days})"
    yield from _table([(of.column, _learned(of, seen)) for of in learned.columns])
    if seen.left_out:
        yield ""
        yield "Left out of what is learned, as errors; `watchkeeper resolve` says what one was"
        yield from _table([(check.partition, _error(check, seen)) for check in seen.left_out])
    yield ""
    yield "Changes, the newest first"
    yield from _table([line for change in seen.changes for line in _change(change, seen)])


def _table(rows: list[tuple[str, str]]) -> Iterator[str]:
    if not rows:
        yield "  none"
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        yield f"  {name:{width}}  {text}"


def _written(rule: Constraint, seen: ContractOverview) -> tuple[str, str]:
    column = rule.column or ""
    unit = seen.config.columns[column].unit if column in seen.config.columns else None
    words = rule.in_words(unit, is_sensitive=column in seen.config.sensitive)
    owner = f"{_name(rule.owner, seen)} answers for it"
    person = seen.people.get(rule.owner)
    if person is not None and person.is_gone:
        owner = f"{_name(rule.owner, seen)}, who answered for it, has left Slack"
    return column or ROWS, f"{words}: {rule.reason}. {owner}, {_until(rule.expires, seen)}"


def _until(expires: date, seen: ContractOverview) -> str:
    left = (expires - seen.now.date()).days
    if left < 0:
        return f"expired {expires}: not judged any more"
    return f"until {expires} ({left} day{'' if left == 1 else 's'} left)"


def _learned(of: ColumnContract, seen: ContractOverview) -> str:
    what: str = of.type
    if of.usual is not None and of.column not in seen.config.sensitive:
        what += f" within {numbers(of.usual, of.unit)}"
    if of.categories is not None:
        what += f", {of.categories:,} known"
    alike = groupby(of.promises, key=lambda kept: _since(kept, seen))
    promises = [f"{', '.join(kept.promise for kept in group)} ({since})" for since, group in alike]
    return "; ".join([what, *promises])


def _since(kept: Kept, seen: ContractOverview) -> str:
    since = f"since {_day(kept.since)}"
    if kept.kept_by is None or kept.kept_until is None:
        return since
    return f"{since}, kept by {_name(kept.kept_by, seen)} until {kept.kept_until}"


def _error(check: PartitionCheck, seen: ContractOverview) -> str:
    said = with_names(check.verdict.sentence, {})
    if check.disposition is None or check.resolved_by is None:
        return said
    return f"{said}; resolved as {check.disposition} by {_name(check.resolved_by, seen)}"


def _change(change: ContractChange, seen: ContractOverview) -> Iterator[tuple[str, str]]:
    by = f" by {_name(change.decided_by, seen)}" if change.decided_by else ""
    for of in change.loosened:
        yield _day(change.at), f"{change.state}{by}: {of.sentence}"
    for sentence in change.followed:
        yield _day(change.at), f"in force: {sentence}"


def _name(person: str, seen: ContractOverview) -> str:
    known = seen.people.get(person)
    return known.name if known and known.name else person


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"


def _age(days: int) -> str:
    return "today" if not days else f"{days} day{'' if days == 1 else 's'} ago"
