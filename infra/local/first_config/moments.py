"""What in a column is a moment, however it is written: ISO 8601, or a number since 1970."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

_WHOLE_DATE: Final = len("2013-02-08")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Final = (1, 1_000, 1_000_000, 1_000_000_000)  # of a second: how programs count
_LIKELY: Final = timedelta(days=366)  # from the partition's day: farther off a number is a number
_OF_A_COUNTRY: Final = re.compile(r"\d{1,2}([./-])\d{1,2}\1(\d{4}|\d{2})([ T,].*)?")


def moment(word: str) -> datetime | None:
    """Read ISO 8601; without a zone it is UTC."""
    if len(word) < _WHOLE_DATE or not word[:4].isdigit():
        return None
    try:
        found = datetime.fromisoformat(word)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def is_of_a_country(word: str) -> bool:
    """Say whether it is a date that only people of some country read as it is meant.

    >>> is_of_a_country("08.02.2013 05:40"), is_of_a_country("2013-02-08")
    (True, False)
    """
    return _OF_A_COUNTRY.fullmatch(word.strip()) is not None


def days_since_1970(numbers: Sequence[float | None], about: date) -> Iterator[date]:
    """Read numbers that count seconds, or parts of one, since 1970, or are written like 20130208.

    Args:
        numbers: of a column.
        about: the partition's day; what is far from it is no time.
    """
    for number in numbers:
        if number is not None:
            yield from (day for day in _readings(number) if abs(day - about) < _LIKELY)


def _readings(number: float) -> Iterator[date]:
    written = f"{number:.0f}"
    if len(written) == len("20130208"):
        found = moment(f"{written[:4]}-{written[4:6]}-{written[6:]}")
        if found is not None:
            yield found.date()
    for unit in _UNITS:
        try:
            yield (_EPOCH + timedelta(seconds=number / unit)).date()
        except (OverflowError, ValueError):  # no day of any calendar, or no number
            continue
