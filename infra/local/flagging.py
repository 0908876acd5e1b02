"""`watchkeeper flag`: file a row that was predicted wrong, and say whether its day is there."""

from collections.abc import Callable

from core.domain.failure import Filing
from core.domain.partition import partition_prefix
from core.domain.person import Person
from core.flows.file_failure import file_failure
from core.flows.permit import config_of
from core.ports import Ports


def tell_flag(model: str, filing: Filing, ports: Ports, say: Callable[[str], None]) -> None:
    """File the row; a day of which nothing lies there may be mistyped, and may come.

    Raises:
        Unknown, NotAllowed, WrongKey, WrongLabel, TooManyFailures, Busy: see `file_failure`.
    """
    file_failure(model, filing, Person.command_line(), ports)
    say(f"`{filing.key}` of {filing.partition} is filed: later versions are judged by it.")
    features = config_of(model, ports).data.features
    if next(iter(ports.objects.list(partition_prefix(features, filing.partition))), None) is None:
        say(
            f"Note: no features of {filing.partition} lie under {features} now: "
            "no version is judged by it before they do."
        )
