"""Times two steps of a check that has hardly any rows, in a process that did nothing before.

`python -m infra.local.speed_bench.at_start HISTORY OUT` imports a check, then loads a history of a
year and judges one partition, twice, and writes down the seconds of the import and of the second
time: the first one also pays for what Python and NumPy set up once.
"""

import json
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Final

_CHECK: Final = "functions.flows.check_partition"


def main(history: Path, out: Path) -> None:
    """Run as the module's docstring says."""
    begun = time.perf_counter()
    import_module(_CHECK)
    imported = time.perf_counter() - begun
    one_check = import_module("infra.local.speed_bench.one_check")
    judged = 0.0
    for _ in range(2):
        begun = time.perf_counter()
        one_check.judge_year(history)
        judged = time.perf_counter() - begun
    heavy = sorted({"pandas", "scipy", "sklearn"} & sys.modules.keys())
    out.write_text(json.dumps({"import_s": imported, "year_s": judged, "heavy": heavy}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
