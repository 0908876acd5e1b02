"""What the demo prints: one readable line for each thing that happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from core.domain.alert import Alert
from core.domain.cohort import Cohort
from core.domain.partition import days_before
from core.domain.partition_check import RULE, PartitionCheck
from core.domain.scored import Scored, Stage
from core.domain.serving import short
from core.domain.wording import percent
from core.ports import Ports
from infra.local.demo.month import SPOILED, SPOILED_HOW
from infra.local.demo.stage import NAMES

_AS: Final[dict[Stage, str]] = {
    "champion": "as champion",
    "canary": "as canary",
    "shadow": "in shadow",
    "fallback": "as its fallback",
}


class Teller:
    """Writes lines with the replayed time before them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, at: datetime, who: str, what: str) -> None:
        """Tell one thing, people by their names."""
        for person, name in NAMES.items():
            what = what.replace(f"<@{person}>", name)
        what = what.replace("<!subteam^S0APPROVERS>", "@ml-approvers")
        self._console.print(f"{at:%a %d %b %H:%M}  {who:<11}  {what}", markup=False, soft_wrap=True)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Show that something takes its time: a moving bar, in a terminal only."""
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(
            *columns, console=self._console, transient=True, disable=not self._console.is_terminal
        ) as progress:
            progress.add_task(what, total=None)
            yield

    def day(self, name: str, ports: Ports) -> None:
        """Tell what was found, predicted and learned on one day."""
        at = ports.now()
        if name == SPOILED:
            self.say(at, "(demo)", SPOILED_HOW)
        check = ports.records.get(PartitionCheck, PartitionCheck.id_of("flights", name))
        scored = ports.records.get(Scored, Scored.id_of("flights", name))
        if check is None or scored is None:
            raise RuntimeError(f"{name} was not checked and scored")
        version = short(scored.served.version)
        beside = "".join(f", {short(log.version)} {_AS[log.stage]}" for log in scored.logs[1:])
        self.say(
            at,
            "watchkeeper",
            f"{check.rows} flights scored by {version}{beside}{_known(name, ports)}",
        )
        alert = ports.records.get(Alert, Alert.id_of("flights", name, RULE))
        if alert is not None:
            self.say(at, "ALERT", f"{alert.evidence.error_class}: {alert.evidence.summary}")


def _known(name: str, ports: Ports) -> str:
    """Say how yesterday's predictions turned out."""
    cohort = ports.records.get(Cohort, Cohort.id_of("flights", days_before(name, 1)))
    if cohort is None or cohort.served.brier is None:
        return ""
    return (
        f"; yesterday {percent(cohort.labelled_share)} have a label, "
        f"Brier score {cohort.served.brier:.3f}"
    )
