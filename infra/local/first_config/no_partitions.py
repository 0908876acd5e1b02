"""Where no partition lies: what lies there instead, and how to lay it out."""

import re
from itertools import accumulate
from pathlib import PurePosixPath
from shlex import quote
from typing import Final

from core.domain.errors import BadData, NotThere, Refusal
from core.domain.misplaced import Misplaced, misplaced
from core.domain.partition import format_of
from core.ports import Objects
from infra.local.first_config.columns import columns_seen
from infra.local.first_config.first_rows import first_rows
from infra.local.first_config.rules import time_candidates

_LOOKED_FOR: Final = "<any folder>/dt=YYYY-MM-DD/, a day of UTC each, with {formats} in it"
_FORMATS: Final = "Parquet, CSV or JSON lines"
_A_DAY: Final = r"((?:19|20)\d\d)\D{0,7}(\d\d?)\D{0,5}(\d\d?)"
_SOME_DAY: Final = "2000-01-01"  # of a file that holds many
_AS_TEXT: Final = {
    "Parquet": ("read_parquet({file!r})", 'to_parquet(folder / "part-0.parquet", index=False)'),
    "CSV": (
        "read_csv({file!r}, dtype=str, keep_default_na=False)",
        'to_csv(folder / "part-0.csv", index=False)',
    ),
    "JSON lines": (
        "read_json({file!r}, lines=True, dtype=False)",
        'to_json(folder / "part-0.jsonl", orient="records", lines=True)',
    ),
}
"""How pandas reads and writes a format without making anything else of its values."""


class NothingThere(Refusal):
    """Nothing lies there."""

    def __init__(self, shown: str) -> None:
        super().__init__(
            f"{shown} is empty, or names there hold more than letters, digits, blanks and "
            f"_.=+,@:()-: Watchkeeper looks for {_LOOKED_FOR.format(formats=_FORMATS)}."
        )


class NoPartitions(Refusal):
    """Something lies there, and no partition."""

    def __init__(
        self, shown: str, key: str, named: str, objects: Objects, *, is_folder: bool = True
    ) -> None:
        looked_for = _LOOKED_FOR.format(formats=_FORMATS)
        found = f"There are no partitions below {shown}: Watchkeeper looks for {looked_for}"
        meant = _meant(named)
        if format_of(key) is None:
            remedy = f"; found instead, for example: {key}."
        elif meant is not None and meant.day is not None:
            remedy = f". Found instead, for example, {key}: {meant.remedy}."
            if is_folder and _day_in(key) == meant.day:
                remedy += f" In Python, which copies all of them:\n{_laid_out(shown)}"
        else:
            remedy = f". Cut {key} into days, in Python:\n{_cut(shown, key, objects)}"
        super().__init__(found + remedy)


def _meant(named: str) -> Misplaced | None:
    """Guess where partitions were to lie: in the outermost folder below which days are told."""
    above = PurePosixPath(named).parts[:-1]
    for prefix in accumulate(above, lambda left, right: f"{left}/{right}"):
        found = misplaced(named, [prefix])
        if found is not None and found.day is not None:
            return found
    return None


def _day_in(key: str) -> str | None:
    """Read the day as the program below does; `None` if it finds none."""
    found = re.search(_A_DAY, key)
    return "{}-{:02}-{:02}".format(*map(int, found.groups())) if found else None


def _laid_out(shown: str) -> str:
    """Write a program that copies each file into the folder of the day that its path tells."""
    whence = shown.rstrip("/")
    return "\n".join(
        (
            "",
            "import re, shutil",
            "from pathlib import Path",
            f"whence, into = Path({whence!r}), Path({whence + '-by-day'!r})",
            'for file in sorted(whence.rglob("*")):',
            "    name = file.relative_to(whence).as_posix()",
            f"    found = re.search(r'{_A_DAY}', name)",
            "    if found and file.is_file():",
            '        day = "dt={}-{:02}-{:02}".format(*map(int, found.groups()))',
            '        folder = into / name[: found.start()].rpartition("/")[0] / day',
            "        folder.mkdir(parents=True, exist_ok=True)",
            '        shutil.copy(file, folder / name.replace("/", "-"))',
            "",
            f"Then: watchkeeper init {quote(whence + '-by-day')}",
        )
    )


def _cut(shown: str, key: str, objects: Objects) -> str:
    """Write a program that lays out a file by day, under a folder of features."""
    read, write = _AS_TEXT[format_of(key) or "Parquet"]
    file, column = f"{shown.rstrip('/')}/{key}", _time_in(key, objects)
    into = f"{shown.rstrip('/')}/features"
    return "\n".join(
        (
            "",
            "import pandas as pd",
            "from pathlib import Path",
            f"rows = pd.{read.format(file=file)}",
            f"for day, part in rows.groupby(pd.to_datetime(rows[{column!r}], utc=True).dt.date):",
            f'    folder = Path({into!r}) / f"dt={{day}}"',
            "    folder.mkdir(parents=True, exist_ok=True)",
            f"    part.{write}",
            "",
            "Labels that lie in a file of their own likewise, into a folder `labels` beside it.",
        )
    )


def _time_in(key: str, objects: Objects) -> str:
    """Name the likeliest column of times; an invitation to name one where there is none."""
    try:
        columns = columns_seen({_SOME_DAY: first_rows(key, objects)})
    except (BadData, NotThere):
        columns = []
    return next(iter(time_candidates(columns)), "THE COLUMN WITH THE TIME")
