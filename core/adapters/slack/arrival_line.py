"""What was checked last, and what has not come, in one line."""

from collections.abc import Sequence

from core.adapters.slack.blocks import escape, when
from core.domain.awaited import Awaited
from core.domain.watch import Watch


def arrival_line(watch: Watch | None, late: Sequence[str], awaited: Sequence[Awaited]) -> str:
    """Write up to which partition a model is checked, what is late, and what waits for its rest.

    Args:
        watch: `None` before the first check.
        late: the partitions that should be there, oldest first.
        awaited: those that have begun to land, oldest first.
    """
    said = ["Nothing was checked yet"]
    if watch is not None and watch.last_partition and watch.last_checked_at:
        said = [f"Checked up to {watch.last_partition}, last {when(watch.last_checked_at)}"]
    if late:
        said.append(f":hourglass: *late: {late[0]}*{_more(late)}")
    if awaited:
        missing = escape(awaited[0].missing or "")
        said.append(f"{awaited[0].partition} waits: {missing}{_more(awaited)}")
    return " · ".join(said)


def _more(several: Sequence[object]) -> str:
    return f" and {len(several) - 1} more" if len(several) > 1 else ""
