"""Put rows that break the input contract aside, with the reason; they are never dropped."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from core.domain.constraint import Constraint
from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.partition_check import RULE
from core.domain.verdict import ErrorClass, Severity
from core.flows.continue_alert import alert_about
from core.ports import Ports
from functions.data.partition_rows import PartitionRows
from functions.flows.tell_owner import tell_owner
from functions.ml.columns import select
from functions.ml.scoring.row_contract import OF_ROWS, RowRule, reasons

if TYPE_CHECKING:
    import pandas as pd

NO_KEY: Final = "no key"
_REASON: Final = "quarantine_reason"
_MEND: Final = (
    "Mend these rows and let the partition land again: what is fine by then is scored. They lie "
    "under quarantine/{model}/dt={partition}/."
)


class NothingLeft(BadData):
    """No row of a partition keeps the rules."""

    def __init__(self, partition: str, quarantined: dict[str, int]) -> None:
        super().__init__(f"No row of {partition} keeps the rules: {_counted(quarantined)}.")
        self.partition = partition


@dataclass(frozen=True)
class Examined:
    """The rows of a partition that may be scored, and how many may not."""

    rows: PartitionRows
    quarantined: dict[str, int]
    """By reason; each row is counted once."""


def quarantine_rows(
    config: ModelConfig, partition: str, landed: PartitionRows, ports: Ports
) -> Examined:
    """Keep the rows that have a key and break no written rule; store the others with the reason.

    Nothing is served for a row in quarantine, not even the fallback's constant: what is known to
    be wrong is not answered as if it were right. The object is named by the bytes that landed, so
    the same partition is stored once, and one that was mended beside it.

    Raises:
        NothingLeft: no row may be scored; all are stored.
    """
    why = broken_rows(config, landed.table, ports.now().date())
    if not why:
        return Examined(landed, {})
    is_fine = np.array([reason is None for reason in why])
    aside = landed.table.filter(pa.array(~is_fine))
    stated = [reason for reason in why if reason is not None]
    key = f"quarantine/{config.model}/dt={partition}/{landed.content_hash}.parquet"
    sink = BytesIO()
    parquet.write_table(aside.append_column(_REASON, pa.array(stated, pa.string())), sink)
    ports.objects.put_new(key, sink.getvalue())
    quarantined = dict(Counter(stated))
    if not is_fine.any():
        raise NothingLeft(partition, quarantined)
    return Examined(landed.only(is_fine), quarantined)


def kept_rows(config: ModelConfig, landed: PartitionRows, today: date) -> PartitionRows:
    """Keep the rows that may be scored, and store nothing: whoever scored them has done that."""
    why = broken_rows(config, landed.table, today)
    return landed.only(np.array([reason is None for reason in why])) if why else landed


def broken_rows(config: ModelConfig, table: pa.Table, today: date) -> list[str | None]:
    """Say why each row breaks the contract, `None` for one that does not; empty if all keep it."""
    rows, key = table.num_rows, config.data.key
    judged = [rule for rule in config.constraints if rule.is_judged_on(today)]
    rules = [RowRule(rule, _reason(rule, config)) for rule in judged if rule.rule in OF_ROWS]
    found = reasons(rules, _columns(config, rules, table), rows)
    if table.column(key).null_count:
        found.insert(0, (NO_KEY, table.column(key).is_null().to_numpy()))
    if not found:
        return []
    why: list[str | None] = [None] * rows
    for reason, is_broken in reversed(found):  # the first one that a row breaks is what it says
        for row in np.flatnonzero(is_broken).tolist():
            why[row] = reason
    return why


def tell_quarantine(
    config: ModelConfig, partition: str, quarantined: dict[str, int], ports: Ports
) -> None:
    """Tell the owner, unless the alert about the partition does: its check finds the same."""
    if not quarantined or alert_about(config.model, partition, ports) is not None:
        return
    rows = sum(quarantined.values())
    were = "1 row was" if rows == 1 else f"{rows:,} rows were"
    tell_owner(
        config,
        rule=RULE,
        partition=partition,
        summary=f"{were} not scored: {_counted(quarantined)}.",
        next_step=_MEND.format(model=config.model, partition=partition),
        severity=Severity.WARN,
        error_class=ErrorClass.HARD,
        ports=ports,
    )


def _columns(
    config: ModelConfig, rules: list[RowRule], table: pa.Table
) -> dict[str, "pd.Series[float] | pd.Series[str]"]:
    """Take the columns that rules are about; of one that is missing or mistyped others tell."""
    taken = {}
    for name in dict.fromkeys(wanted.rule.column for wanted in rules):
        if name is None or name not in config.columns:
            continue
        try:
            taken[name] = select(table, {name: config.columns[name]})[name]
        except BadData:
            continue
    return taken


def _reason(rule: Constraint, config: ModelConfig) -> str:
    column = config.columns.get(rule.column or "")
    is_sensitive = rule.column in config.sensitive
    words = rule.in_words(column.unit if column else None, is_sensitive=is_sensitive)
    return f"`{rule.column}` is not {words}"


def _counted(quarantined: dict[str, int]) -> str:
    return ", ".join(f"{reason} ({rows:,})" for reason, rows in quarantined.items())
