"""Objects with data that lie where nobody reads them, and where they were meant to lie."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from core.domain.base import Value
from core.domain.partition import format_of, split_key

_KEY_OF_FOLDER: Final = re.compile(r"(?:^|(?<=/))[A-Za-z_]+=")  # the `year=` of `year=2013/`
_OURS: Final = "dt="
_DAY: Final = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)"
    r"(?:[-_](?P<month>\d\d?)[-_](?P<day>\d\d?)|(?P<mm>\d\d)(?P<dd>\d\d))(?!\d{3})(?P<rest>.*)"
)
_SPAN: Final = re.compile(r"(?P<year>(?:19|20)\d\d)-?(?:W(?P<week>\d\d)|(?P<month>\d\d)$)")
_TIME: Final = re.compile(r"[T _-]?\d\d?(?:(?::|%3A|-)?\d\d)*Z?")


class Misplaced(Value):
    """One such object."""

    key: str
    prefix: str
    """Where the partitions lie among which it was looked for."""
    day: str | None
    """The day that its folders or its name tell, the first one of a week or a month; `None` if
    they tell none."""
    is_part_of_day: bool = False
    """Whether it seems to hold an hour of that day."""

    @property
    def remedy(self) -> str:
        """Say where such an object has to lie."""
        folder = f"{self.prefix}/dt={self.day or 'YYYY-MM-DD'}/"
        if self.is_part_of_day:
            return (
                f"{self.key} has to lie in {folder}, for a partition is a whole day of UTC; each "
                "hour needs a name of its own there, and `complete` in the config says what shows "
                "that the day is whole"
            )
        return f"{self.key} has to lie directly in {folder}"


def misplaced(key: str, prefixes: Iterable[str]) -> Misplaced | None:
    """Say whether an object was meant for a partition, and lies in none; `None` if not.

    Unfinished parts, below a folder that begins with `_`, are nobody's. Nor is what lies in a
    folder that names no day: others may keep things beside partitions.

    Args:
        key: of any object.
        prefixes: where partitions lie.
    """
    near = [prefix for prefix in prefixes if key.startswith(f"{prefix}/")]
    if not near or format_of(key) is None or split_key(key) is not None or "/_" in key:
        return None
    prefix = max(near, key=len)
    folders, _, file = key[len(prefix) + 1 :].rpartition("/")
    plain = _KEY_OF_FOLDER.sub("", folders).replace("/", "-")
    found = _DAY.match(plain) if folders else _DAY.search(file)
    if found is None and folders and not (_SPAN.match(plain) or folders.startswith(_OURS)):
        return None
    day = _first_day(plain) if found is None else _date(*_numbers(found))
    is_hour = bool(folders) and found is not None and _TIME.fullmatch(found["rest"]) is not None
    return Misplaced(key=key, prefix=prefix, day=day, is_part_of_day=is_hour)


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    month, day = found["month"] or found["mm"], found["day"] or found["dd"]
    return int(found["year"]), int(month), int(day)


def _date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # 30 February
        return None


def _first_day(plain: str) -> str | None:
    """Return the first day of a week or a month."""
    found = _SPAN.match(plain)
    if found is None:
        return None
    if found["month"] is not None:
        return _date(int(found["year"]), int(found["month"]), 1)
    try:
        return date.fromisocalendar(int(found["year"]), int(found["week"]), 1).isoformat()
    except ValueError:  # week 54
        return None
