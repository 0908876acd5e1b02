"""Whether a column is wrong because the table that it is joined from has not landed yet."""

from typing import Final

from core.domain.data_config import AsOf
from core.domain.model_config import ModelConfig
from core.domain.partition import days_before, format_of, partition_prefix, split_key, starts_at
from core.domain.verdict import Verdict
from core.domain.wording import many
from core.ports import Objects

_LOOKED_BACK: Final = 62  # days; a table may say that a row counts for 31


def late_tables(
    config: ModelConfig, partition: str, verdict: Verdict, objects: Objects
) -> str | None:
    """Say which tables of blamed columns have nothing for the day, and how old their newest is.

    A check does not wait for them: they start nothing. `None` where all that is blamed has landed.

    Args:
        config: names the tables.
        partition: which one was checked.
        verdict: of it.
        objects: the store.
    """
    blamed = {blame.column for blame in verdict.blamed}
    late = [of for of in config.data.as_of if blamed.intersection(of.columns)]
    said = [sentence for of in late if (sentence := _late(of, partition, objects))]
    if not said:
        return None
    return f"{' '.join(said)} When it is there, let the partition land again: it is checked anew."


def _late(of: AsOf, partition: str, objects: Objects) -> str | None:
    newest = _newest(of, partition, objects)
    if newest == partition:
        return None
    nothing = f"The table `{of.name}` has nothing for {partition} under {of.prefix}"
    if newest is None:
        return f"{nothing}, nor for any of {_LOOKED_BACK} days before."
    days = (starts_at(partition) - starts_at(newest)).days
    return f"{nothing}; its newest partition is {newest}, {many(days, 'day')} before."


def _newest(of: AsOf, partition: str, objects: Objects) -> str | None:
    """Name the newest partition up to this one in which there is data."""
    first = partition_prefix(of.prefix, days_before(partition, _LOOKED_BACK))
    found = None
    for stored in objects.list(f"{of.prefix}/dt=", after=first):
        split = split_key(stored.key)
        if split is None or format_of(stored.key) is None:
            continue
        if split[1] > partition:
            break
        found = split[1]
    return found
