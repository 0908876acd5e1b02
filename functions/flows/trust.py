"""Which partitions may say what is usual."""

from collections.abc import Sequence

from core.domain.alert import Alert, Disposition
from core.domain.partition_check import RULE
from core.domain.verdict import ErrorClass, Severity
from core.ports import Ports

_NOT_NORMAL = frozenset({Disposition.DATA_BUG, Disposition.DUPLICATE})


def trusted(model: str, partitions: Sequence[str], ports: Ports) -> list[str]:
    """Leave out what a person called a bug, and hard errors that nobody has judged yet.

    What moved and was not judged stays in: it may be the new normal. When nothing would be left,
    nothing is left out.
    """
    alerts = ((p, ports.records.get(Alert, Alert.id_of(model, p, RULE))) for p in partitions)
    return [p for p, alert in alerts if alert is None or _is_normal(alert)] or list(partitions)


def _is_normal(alert: Alert) -> bool:
    if alert.evidence.severity is Severity.OK:
        return True  # mended since
    if alert.is_open:
        return alert.evidence.error_class is not ErrorClass.HARD
    return alert.disposition not in _NOT_NORMAL
