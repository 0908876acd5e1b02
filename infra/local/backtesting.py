"""`watchkeeper backtest`: what a config would have said of a folder of partitions."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import track

from core.adapters.folder.objects import FolderObjects
from core.domain.errors import Refusal
from core.domain.model_config import ModelConfig
from core.domain.person_name import with_names
from core.domain.wording import plain
from functions.flows.backtest import Checked, backtest

Say = Callable[[str], None]
_LIBRARY = "matplotlib"


class NoPictures(Refusal):
    """The library that draws is not installed."""

    def __init__(self) -> None:
        super().__init__(f"Pictures need {_LIBRARY}: {sys.executable} -m pip install {_LIBRARY}")


class NoTable(Refusal):
    """What the config joins is not beside the partitions."""

    def __init__(self, name: str, folder: Path) -> None:
        super().__init__(
            f"The table `{name}` is looked for in {folder}, and no partition of it is there."
        )
        self.folder = folder


def tell_backtest(
    config: ModelConfig, folder: Path, say: Say, *, as_json: bool, plots: Path | None = None
) -> None:
    """Check the partitions of a folder, and tell which would have alerted.

    Args:
        config: the model.
        folder: holds `dt=YYYY-MM-DD/part-*`, as Parquet, CSV or JSON lines, or is above a folder
            that does, by the name that the config has for it. Tables that are joined lie beside
            it, as in the store: where `a/b` ends in the prefix of the features, under what is
            before that, else under the folder that it lies in.
        say: hears one line for each alert and then the sum of them; with `as_json` one JSON
            object for each partition instead.
        as_json: for programs.
        plots: where pictures are drawn; `None`: nowhere.

    Raises:
        NoneThere, TooShort: nothing would be left to check.
        NoPictures: they are wanted, and cannot be drawn.
        NoTable: a table that is joined is not there.
    """
    draw = _drawing() if plots else None
    root, prefix = _place(config, folder.resolve())
    checks = backtest(config, prefix, FolderObjects(root))
    progress = Console(stderr=True)
    every = list[Checked]()
    unwatched: dict[str, str] = {}
    is_drawn = progress.is_terminal and not as_json
    for checked in track(
        checks, "checking", console=progress, transient=True, disable=not is_drawn
    ):
        if checked.is_left_out and not as_json:
            say(f"{checked.partition}  left out of what is learned: {_sentence(checked)}")
        if not checked.is_left_out:
            every.append(checked)
        unwatched |= checked.unwatched
        if as_json:
            say(_as_json(checked))
        elif checked.verdict.is_broken and not checked.is_left_out:
            say(_in_a_line(checked))
    drawn = draw(config.model, every, plots) if draw and plots else 0
    if as_json:
        return
    alerts = sum(checked.is_alert for checked in every)
    if unwatched:
        named = ", ".join(f"`{plain(name)}` ({what})" for name, what in sorted(unwatched.items()))
        say(f"Not watched, for the config does not name them: {named}.")
    learned = config.training.window_days
    said = f"{alerts} alert{'s' if alerts != 1 else ''} in {len(every)} partitions"
    say(f"With this config you would have had {said}, {learned} more to learn from.")
    if drawn:
        say(f"{drawn} pictures are in {plots}, the whole of it in period.png.")


def _place(config: ModelConfig, folder: Path) -> tuple[Path, str]:
    """Say where the store begins that a folder of partitions belongs to, and its prefix there."""
    prefix = config.data.features.split("/")
    folder = _with_partitions(folder, prefix)
    is_in_store = list(folder.parts[-len(prefix) :]) == prefix
    root = folder.parents[len(prefix) - 1] if is_in_store else folder.parent
    for table in config.data.as_of:
        if not any((root / table.prefix).glob("dt=*")):
            raise NoTable(table.name, root / table.prefix)
    return root, folder.relative_to(root).as_posix()


def _with_partitions(folder: Path, prefix: list[str]) -> Path:
    """Go down to the features where somebody named a folder above them."""
    below = (folder.joinpath(*prefix[above:]) for above in range(len(prefix)))
    places = (folder, *below)
    return next((place for place in places if any(place.glob("dt=*"))), folder)


def _drawing() -> Callable[[str, list[Checked], Path], int]:
    try:
        from infra.local.backtest_pictures import draw  # noqa: PLC0415 - slow, and may be missing
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != _LIBRARY:
            raise
        raise NoPictures from error
    return draw


def _as_json(checked: Checked) -> str:
    told = checked.verdict.model_dump(mode="json")
    goes_on = checked.alert.partition if checked.alert else None
    about = {
        "partition": checked.partition,
        "rows": checked.rows,
        "goes_on_since": goes_on,
        "is_left_out": checked.is_left_out,
        "unwatched": dict(checked.unwatched),
    }
    return json.dumps({**about, **told})


def _sentence(checked: Checked) -> str:
    return with_names(checked.verdict.sentence, {})


def _in_a_line(checked: Checked) -> str:
    verdict, first = checked.verdict, checked.alert
    sentence = _sentence(checked)
    since = f" (goes on since {first.partition}: no alert of its own)" if first else ""
    return f"{checked.partition}  {verdict.error_class:5}  {sentence}{since}"
