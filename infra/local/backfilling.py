"""`watchkeeper backfill`: let a history start full, and say what was done."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import track

from core.domain.wording import many
from core.flows.permit import config_of
from core.ports import Ports
from functions.data.partition_rows import partition_names
from functions.flows.backfill import Filled, backfill, compared_with, past_of
from functions.ml.checking.reference import MOST

Say = Callable[[str], None]
_NAMED = 5  # partitions that a line names; the backtest names them all


def tell_backfill(model: str, first: str | None, last: str | None, ports: Ports, say: Say) -> None:
    """Profile the past of a model, without alerting.

    Args:
        model: its name; its config is in force.
        first: the oldest day to look at; `None`: as far back as a history reaches.
        last: the newest one, included; `None`: up to now.
        ports: the outside world.
        say: hears what was done.

    Raises:
        UnknownModel: no config was ever applied for this model.
        NothingLies, NothingToLearnFrom, LearnedAnew, Busy: see `backfill`.
    """
    config = config_of(model, ports)
    names = past_of(config, ports, first, last)
    progress = Console(stderr=True)
    began = ports.now()
    filled = list(
        track(
            backfill(config, names, ports),
            "profiling",
            total=len(names),
            console=progress,
            transient=True,
            disable=not progress.is_terminal,
        )
    )
    took_s = (ports.now() - began).total_seconds()
    compared = compared_with(config, ports)
    for line in _story(names, filled, took_s, compared):
        say(line)
    if any(one.is_error for one in filled):
        say(
            f"`watchkeeper contract {model}` lists all errors of the past. One that is none: "
            f"`watchkeeper resolve {model} DAY --as noise` takes it into the history."
        )
    lying = partition_names(config.data.features, ports.objects)
    older = [name for name in lying if (first or "") <= name < names[0]]
    if older:
        are = "is" if len(older) == 1 else "are"
        say(
            f"{many(len(older), 'older partition')}, from {older[0]} on, {are} not looked at: a "
            f"history holds the newest {MOST}."
        )


def _story(
    names: Sequence[str], filled: Sequence[Filled], took_s: float, compared: int
) -> list[str]:
    known = len(names) - len(filled)
    before = f" ({known} were known before)" if known else ""
    unreadable = [one for one in filled if not one.is_readable]
    errors = [one for one in filled if one.is_error]
    span = f"{names[0]} to {names[-1]}"
    said = [f"{len(filled)} partitions of {span} profiled in {took_s:.0f} s{before}"]
    if unreadable:
        said.append(f"{len(unreadable)} could not be used: {_named(unreadable)}")
    if errors:
        said.append(f"{len(errors)} stay out of the history, as errors: {_named(errors)}")
    said.append(f"checks from now on compare with {compared}")
    *parts, end = said
    return [*(f"{part};" for part in parts), f"{end}."]


def _named(some: Sequence[Filled]) -> str:
    shown = [f"{one.partition} ({one.verdict.sentence})" for one in some[:_NAMED] if one.verdict]
    more = f" and {len(some) - _NAMED} more" if len(some) > _NAMED else ""
    return f"{', '.join(shown)}{more}"
