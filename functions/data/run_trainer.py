"""The program in which a team's own trainer runs: files in, files out."""

import importlib
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Final, Literal

import numpy as np
import skops.io
from pyarrow import feather

from core.domain.base import Value
from core.domain.training_config import Parameter

ASKED: Final = "asked.json"
ROWS: Final = "features.feather"
LABELS: Final = "labels.npy"
FITTED: Final = "fitted.skops"
FAILED: Final = "failed.json"


class Asked(Value):
    """What the trainer is called with, besides the rows."""

    trainer: str
    parameters: dict[str, Parameter]
    seed: int


class Failed(Value):
    """How it failed; the traceback stands in the log."""

    kind: str
    message: str
    why: Literal["missing", "threw", "not stored"] = "threw"
    """There is no such module or function; it raised; what it returned cannot be written."""


def main(folder: str) -> None:
    """Call the trainer with the files of a folder, and leave there what came of it."""
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    place = Path(folder)
    failed = _fit(place, Asked.model_validate_json((place / ASKED).read_bytes()))
    if failed is not None:
        (place / FAILED).write_text(failed.model_dump_json())


def _fit(place: Path, asked: Asked) -> Failed | None:
    module, _, name = asked.trainer.partition(":")
    try:
        function = getattr(importlib.import_module(module), name, None)
        if not callable(function):
            what = f"function `{name}` in `{module}`"
            return Failed(kind="", message=what, why="missing")
        features = feather.read_feather(place / ROWS)
        labels = np.load(place / LABELS, allow_pickle=False)
        fitted = function(features, labels, dict(asked.parameters), asked.seed)
    except Exception as error:  # noqa: BLE001 - of code that is not ours: told, whatever it is
        traceback.print_exc()
        return Failed(kind=type(error).__name__, message=str(error))
    try:
        (place / FITTED).write_bytes(skops.io.dumps(fitted))
    except Exception as error:  # noqa: BLE001 - skops asks objects that are not ours
        traceback.print_exc()
        return Failed(kind=type(error).__name__, message=str(error), why="not stored")
    return None


def _end_with_the_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):  # not through the buffer, whose lock would outlive us
        pass
    os._exit(1)
