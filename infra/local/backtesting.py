"""`watchkeeper backtest`: what a config would have said of a folder of partitions."""

import json
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import track

from core.adapters.folder.objects import FolderObjects
from core.domain.model_config import ModelConfig
from core.domain.person_name import with_names
from functions.flows.backtest import Checked, backtest

Say = Callable[[str], None]


def tell_backtest(config: ModelConfig, folder: Path, say: Say, *, as_json: bool) -> None:
    """Check the partitions of a folder, and tell which would have alerted.

    Args:
        config: the model.
        folder: holds `dt=YYYY-MM-DD/*.parquet`.
        say: hears one line for each alert and then the sum of them; with `as_json` one JSON
            object for each partition instead.
        as_json: for programs.

    Raises:
        TooShort: nothing would be left to check.
    """
    whole = folder.resolve()
    checks = backtest(config, whole.name, FolderObjects(whole.parent))
    progress = Console(stderr=True)
    alerts = partitions = 0
    for checked in track(checks, "checking", console=progress, transient=True, disable=as_json):
        partitions += 1
        alerts += checked.verdict.is_broken
        if as_json:
            say(_as_json(checked))
        elif checked.verdict.is_broken:
            verdict = checked.verdict
            sentence = with_names(verdict.sentence, {})
            say(f"{checked.partition}  {verdict.error_class:5}  {sentence}")
    if not as_json:
        learned = config.training.window_days
        said = f"{alerts} alert{'s' if alerts != 1 else ''} in {partitions} partitions"
        say(f"With this config you would have had {said}, {learned} more to learn from.")


def _as_json(checked: Checked) -> str:
    told = checked.verdict.model_dump(mode="json")
    return json.dumps({"partition": checked.partition, "rows": checked.rows, **told})
