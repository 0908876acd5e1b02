"""Tell a model's owner of what lands where nobody reads it: a folder that is named otherwise."""

from collections.abc import Mapping
from typing import Any, Final

from core.domain.misplaced import Misplaced
from core.domain.model_config import ModelConfig
from core.domain.verdict import Severity
from core.ports import Ports
from functions.flows.concerned import unread
from functions.flows.tell_owner import tell_owner

_RULE: Final = "layout"


def tell_unread(event: Mapping[str, Any], ports: Ports) -> list[tuple[ModelConfig, Misplaced]]:
    """Tell the owners of models that an object was meant for; one alert a day for each place.

    Args:
        event: as `concerned` takes it.
        ports: the outside world.

    Returns:
        The models, and what is wrong with where it lies; nothing where that is as it should be.
    """
    found = unread(event, ports)
    for config, where in found:
        tell_owner(
            config,
            rule=_RULE,
            partition=None,
            summary=(
                f"What lands under `{where.prefix}` is read by nobody: it lies in no partition, "
                "`dt=YYYY-MM-DD`, a day of UTC each."
            ),
            next_step=f"Let it land elsewhere: {where.remedy}.",
            severity=Severity.WARN,
            ports=ports,
        )
    return found
