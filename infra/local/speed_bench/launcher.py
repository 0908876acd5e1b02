"""Starts one program and writes down what it took; small, because a process inherits a peak.

On Linux the most memory that a process held is never less than what the one that started it held.
So whoever measures, however big, has this file run by a bare Python:
`python -I -S launcher.py OUT PROGRAM ARGUMENT ...`. It ends as the program ended.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

_KIB_PER_MIB = 1024


def main(arguments: list[str]) -> int:
    """Run as the module's docstring says; return how the program ended."""
    out, *command = arguments
    begun = time.perf_counter()
    process = subprocess.Popen(command)  # noqa: S603 - programs of ours and of the catalogue
    _, status, used = os.wait4(process.pid, 0)
    took = {
        "wall_s": time.perf_counter() - begun,
        "cpu_s": used.ru_utime + used.ru_stime,
        "peak_mib": used.ru_maxrss / _KIB_PER_MIB,
    }
    process.returncode = os.waitstatus_to_exitcode(status)
    Path(out).write_text(json.dumps(took))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
