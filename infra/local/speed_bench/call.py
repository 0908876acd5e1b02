"""Calls one function on some partitions, in a process of its own.

`python -m infra.local.speed_bench.call MODULE:FUNCTION HISTORY PATH ...` calls it with each path
and the folder of the history.
"""

import sys
from importlib import import_module
from pathlib import Path


def call(function: str, history: Path, paths: list[Path]) -> None:
    """Call a function with each path, in their order."""
    module, _, name = function.partition(":")
    target = getattr(import_module(module), name)
    for path in paths:
        target(path, history)


if __name__ == "__main__":
    call(sys.argv[1], Path(sys.argv[2]), [Path(path) for path in sys.argv[3:]])
