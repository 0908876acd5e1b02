"""How a flow changes a record that others may be changing at the same moment."""

from collections.abc import Callable

from core.domain.errors import Busy, Unknown
from core.ports import Ports, R, Write, changed

_ATTEMPTS = 5


def change(
    kind: type[R], record_id: str, step: Callable[[R], tuple[R, list[Write]]], ports: Ports
) -> R:
    """Read a record, let `step` change it, and commit that together with its other writes.

    When somebody was quicker the record is read again, and `step` decides again on what is true
    then: a rule that refuses does so on the present state, never on an old one.

    Args:
        kind: which record.
        record_id: its id.
        step: takes the record as stored; returns the changed one and the writes that go with it.
        ports: the outside world.

    Returns:
        The changed record, as `step` made it.

    Raises:
        Unknown: there is no such record.
        Busy: others were quicker every time.
        Refusal: whatever `step` raises.
    """
    for _ in range(_ATTEMPTS):
        before = ports.records.get(kind, record_id)
        if before is None:
            raise Unknown(kind.kind, record_id)
        after, others = step(before)
        if ports.records.commit(changed(after), *others):
            return after
    raise Busy
