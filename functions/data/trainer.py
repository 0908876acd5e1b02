"""A team's own trainer: found, named by its source, and run in a process that can be ended.

The rows go to it, and what it made comes back, as files: no pickle is read. Its process holds
none of our records, is ended together with all that it started when its time is over, and gives
its memory back. A process of its own, not a fork: a fork of one with threads may hang, and Lambda
has no shared memory for the queues of `multiprocessing`.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import pandas as pd
import skops.io
from numpy.typing import NDArray
from pyarrow import feather

from core.domain.ids import content_hash
from core.domain.training_config import Parameter
from functions.data import artefacts
from functions.data.run_trainer import ASKED, FAILED, FITTED, LABELS, ROWS, Asked, Failed
from functions.data.trainer_failed import (
    CannotStore,
    NoSuchTrainer,
    NotAllowed,
    OutOfTime,
    TrainerDied,
    TrainerFailed,
    TrainerThrew,
)

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[3:]; "
    "from functions.data.run_trainer import main; main(sys.argv[2])"
)  # its first argument is for whoever looks at the list of processes


@dataclass(frozen=True)
class Trainer:
    """A function of the user's own, found and not yet called."""

    name: str
    """`package.module:function`."""
    source_hash: str
    """Of all Python files of its package, or of its module where that is in none."""

    def fit(
        self,
        features: pd.DataFrame,
        labels: NDArray[Any],
        parameters: Mapping[str, Parameter],
        seed: int,
        at_most_s: float,
    ) -> Any:  # noqa: ANN401 - whatever it made of the types that are allowed
        """Call the trainer in a process of its own and return what it fitted.

        Args:
            features: as they came through `columns.select`.
            labels: shape (rows,).
            parameters: those of the config.
            seed: that of the config; what the trainer makes of it is its own affair.
            at_most_s: so long it may take; then its process is ended.

        Raises:
            TrainerFailed: it threw, ran out of time, or made nothing that may be loaded.
        """
        asked = Asked(trainer=self.name, parameters=dict(parameters), seed=seed)
        with TemporaryDirectory() as name:
            folder = Path(name)
            feather.write_feather(features, str(folder / ROWS))
            np.save(folder / LABELS, labels)
            code = _run(self.name, folder, asked, at_most_s)
            if (folder / FAILED).exists():
                failed = Failed.model_validate_json((folder / FAILED).read_bytes())
                raise _told(self.name, failed)
            if code or not (folder / FITTED).exists():
                raise TrainerDied(self.name, code)
            made = (folder / FITTED).read_bytes()
        if unknown := artefacts.types_not_allowed(made):
            raise NotAllowed(self.name, unknown)
        return artefacts.open_allowed(made)


def written(name: str, made: Any) -> bytes:  # noqa: ANN401 - whatever a function returned
    """Write what a function of this process returned, as a trainer's own process would.

    Raises:
        TrainerFailed: it cannot be written, or has types that are never loaded.
    """
    try:
        body: bytes = skops.io.dumps(made)
    except Exception as error:
        raise CannotStore(name, type(error).__name__) from error
    if unknown := artefacts.types_not_allowed(body):
        raise NotAllowed(name, unknown)
    return body


def _told(name: str, failed: Failed) -> TrainerFailed:
    if failed.why == "missing":
        return NoSuchTrainer(name, failed.message)
    if failed.why == "not stored":
        return CannotStore(name, failed.kind)
    return TrainerThrew(name, failed.kind, failed.message)


def find_trainer(name: str) -> Trainer:
    """Find a trainer where Python looks for modules; nothing of it is run.

    Raises:
        NoSuchTrainer: no such module, or no source of it.
    """
    module = name.partition(":")[0]
    files = _sources(name, module)
    hashes = "\n".join(f"{path} {content_hash(file.read_bytes())}" for path, file in files)
    return Trainer(name, content_hash(hashes.encode()))


def _run(name: str, folder: Path, asked: Asked, at_most_s: float) -> int:
    (folder / ASKED).write_text(asked.model_dump_json())
    paths = [str(Path(path).absolute()) for path in sys.path]
    process = subprocess.Popen(  # noqa: S603 - this Python, a program of ours
        [sys.executable, "-c", _PROGRAM, name, str(folder), *paths],
        stdin=subprocess.PIPE,  # it ends with us: then nobody holds the other end
        stdout=sys.__stderr__,
        start_new_session=True,
    )
    try:
        return process.wait(at_most_s)
    except subprocess.TimeoutExpired as late:
        raise OutOfTime(name, at_most_s) from late
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End it with all that it started; nothing happens if it has ended."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin:
        process.stdin.close()


def _sources(name: str, module: str) -> list[tuple[str, Path]]:
    """List the Python files of the module's package, by their path in it."""
    top, *_ = module.split(".")
    spec = whole = _found(top)
    for depth in range(1, module.count(".") + 1):
        places = spec.submodule_search_locations if spec else None
        below = ".".join(module.split(".")[: depth + 1])
        spec = PathFinder.find_spec(below, places) if places else None
    if spec is None:
        raise NoSuchTrainer(name, f"module `{module}`")
    folder = _folder(whole)
    if folder is not None:
        files = sorted(folder.rglob("*.py"))
        return [(file.relative_to(folder).as_posix(), file) for file in files]
    if not (spec.origin or "").endswith(".py"):
        raise NoSuchTrainer(name, f"source of the module `{module}`")
    return [(module, Path(str(spec.origin)))]


def _found(top: str) -> ModuleSpec | None:
    try:
        return find_spec(top)
    except ValueError:  # `__main__`: whatever Python was started with
        return None


def _folder(spec: ModuleSpec | None) -> Path | None:
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None
