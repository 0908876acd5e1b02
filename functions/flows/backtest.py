"""What the checks would have said of partitions that are all there, had they been watched then."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.domain.continuation import goes_on
from core.domain.errors import BadData
from core.domain.model_config import ModelConfig
from core.domain.verdict import Verdict
from core.flows.continue_alert import LOOKED_BACK
from core.ports import Objects
from functions.data.partition_rows import partition_names
from functions.flows.checking.learn_reference import NothingToLearnFrom
from functions.flows.checking.leave_out import Spoiled, learn_without_spoiled
from functions.flows.checking.trace import Trace, trace
from functions.flows.checking.walk import Past, look
from functions.flows.checking.window import Window
from functions.ml.checking.contract import Held, learn_promises


class TooShort(BadData):
    """There are not enough partitions to learn from and to check."""

    def __init__(self, found: int, needed: int) -> None:
        there = f"There is {found} partition" if found == 1 else f"There are {found} partitions"
        super().__init__(
            f"{there}, but {needed} are learned from before the first is checked: give a folder "
            "with more, or a config with a shorter training window."
        )


class NoneThere(BadData):
    """There is no partition."""

    def __init__(self, folder: str) -> None:
        super().__init__(
            f"No partition lies in the folder `{folder}`: name the one that holds dt=YYYY-MM-DD/, "
            "a day of UTC each, such as that of the features."
        )


@dataclass(frozen=True)
class Checked:
    """One partition and what would have been said of it."""

    partition: str
    rows: int
    unwatched: Mapping[str, str]
    """Columns of the data that the config does not name; what each holds."""
    verdict: Verdict
    trace: Trace | None = None
    """What an alert rests on; see `trace`."""
    alert: "Checked | None" = None
    """The earlier one whose alert says already what is wrong; `None` if it has its own, or none."""
    is_left_out: bool = False
    """Whether it is of the first window, and nothing was learned from it because of its errors."""

    @property
    def is_alert(self) -> bool:
        """Whether it has an alert of its own."""
        return self.verdict.is_broken and self.alert is None and not self.is_left_out


def backtest(config: ModelConfig, prefix: str, objects: Objects) -> Iterator[Checked]:
    """Learn from the first training window, then check each partition beside those before it.

    What the first window promised stays promised. What is plainly spoiled in it is left out; those
    partitions come first.

    Args:
        config: the model; where its data lies is not looked at.
        prefix: where the partitions lie.
        objects: the store.

    Raises:
        NoneThere, TooShort: nothing would be left to check.
        NothingToLearnFrom: no partition of the window is usable.
    """
    names = partition_names(prefix, objects)
    window = config.training.window_days
    if not names:
        raise NoneThere(prefix)
    if len(names) <= window:
        raise TooShort(len(names), window)
    past, left_out = _learned(config, prefix, names[:window], objects)
    for name, spoiled in left_out.items():
        yield Checked(name, spoiled.rows, {}, spoiled.verdict, is_left_out=True)
    before: deque[Checked] = deque(maxlen=LOOKED_BACK)
    for position, name in enumerate(names[window:]):
        looked = look(config, prefix, name, past, objects)
        reading, verdict = looked.reading, looked.verdict
        checked = Checked(
            name,
            reading.rows,
            reading.others,
            verdict,
            trace(config, looked, past),
            _going_on(verdict, before),
        )
        yield checked
        before.append(checked)
        past = past.after(position, looked)


def _going_on(verdict: Verdict, before: Sequence[Checked]) -> Checked | None:
    """Find the one whose alert this goes on with, as `core.flows.continue_alert` does."""
    for checked in reversed(before):
        first = checked.alert or checked
        if goes_on(verdict, first.verdict.error_class, first.verdict.blamed):
            return first
    return None


def _learned(
    config: ModelConfig, prefix: str, names: Sequence[str], objects: Objects
) -> tuple[Past, Mapping[str, Spoiled]]:
    window = Window(config, prefix, objects)
    for name in names:
        window.look_at(name)
    if not window.usable:
        raise NothingToLearnFrom(config.model)
    cleaned = learn_without_spoiled(config, window, window.usable)
    kept = learn_promises(cleaned.reference, config.data.key).kept
    return Past(cleaned.reference, Held(kept), frozenset(window.others)), cleaned.left_out
