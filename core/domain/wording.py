"""How numbers stand in sentences: shares as percent, numbers short, spans with a dash."""

from collections.abc import Sequence
from math import isfinite, log10

Span = tuple[float, float]
"""Smallest and largest, both included."""

_DIGITS = 3
_ENORMOUS = 1e12  # from here on digits say less than the power of ten
_LONGEST = 60  # characters of a name that others chose
_MOST_NAMES = 4
_DASH = "\N{EN DASH}"
MINUS = "\N{MINUS SIGN}"


def percent(share: float) -> str:
    """Write a share, 0..1, as percent; one decimal where one percent is too coarse.

    >>> percent(0.2345), percent(0.0012), percent(0.00001)
    ('23 %', '0.1 %', '<0.1 %')
    """
    if 0 < share < 0.0005:  # noqa: PLR2004 - what the format below would round to nothing
        return "<0.1 %"
    return f"{_percent_digits(share)} %"


def percents(usual: Span) -> str:
    r"""Write a span of shares.

    >>> percents((0.0, 0.001)), percents((0.25, 0.25))
    ('0.0\N{EN DASH}0.1 %', '25 %')
    """
    low, high = (_percent_digits(share) for share in usual)
    return f"{low} %" if low == high else f"{low}{_DASH}{high} %"


def number(value: float) -> str:
    r"""Write a number with three digits that count, and the minus sign of print.

    >>> number(1048.36), number(0.01234), number(-2.5), number(0.0)
    ('1,048', '0.0123', '\N{MINUS SIGN}2.5', '0')
    """
    if not isfinite(value):
        return str(value)
    if abs(value) >= _ENORMOUS:
        return f"{value:.3g}".replace("-", MINUS)
    size = 0 if value == 0 else int(log10(abs(value)) // 1)
    decimals = max(0, _DIGITS - 1 - size)
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", MINUS)


def numbers(span: Span, unit: str | None = None) -> str:
    r"""Write a span of numbers with its unit.

    >>> numbers((890, 930)), numbers((-3.5, 2), "°F"), numbers((4, 4))
    ('890\N{EN DASH}930', '\N{MINUS SIGN}3.5 to 2 °F', '4')
    """
    low, high = (number(value) for value in span)
    if low == high:
        return with_unit(low, unit)
    between = " to " if low.startswith(MINUS) else _DASH
    return with_unit(f"{low}{between}{high}", unit)


def with_unit(text: str, unit: str | None) -> str:
    """Put the unit, if there is one, behind a number.

    >>> with_unit("12", "mph"), with_unit("12", None)
    ('12 mph', '12')
    """
    return f"{text} {unit}" if unit else text


def many(count: int, what: str) -> str:
    """Write how many there are of something whose plural ends in s.

    >>> many(1, "row"), many(2500, "row")
    ('1 row', '2,500 rows')
    """
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"


def plain(text: str) -> str:
    r"""Write a name that others chose so that it can stand in a sentence, between backticks.

    >>> plain("a`b"), plain("a\nb"), plain("")
    ("a'b", 'a b', ' ')
    """
    shown = "".join(char if char.isprintable() else " " for char in text).replace("`", "'") or " "
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def names(of: Sequence[str]) -> str:
    """Write names for a sentence, the first few of them.

    >>> names(["a", "b"]), names("abcdefg"), names([])
    ('`a`, `b`', '`a`, `b`, `c`, `d` and 3 more', '')
    """
    few = ", ".join(f"`{plain(name)}`" for name in of[:_MOST_NAMES])
    return few if len(of) <= _MOST_NAMES else f"{few} and {len(of) - _MOST_NAMES} more"


def likely(name: str, config_key: str | None = None) -> str:
    """Name the column that looks like a missing one, and what to change if it is the same.

    >>> likely("id", "data.key")
    '`id` looks like it: if it was renamed, set `data.key: id`'
    """
    said = f"`{plain(name)}` looks like it"
    return f"{said}: if it was renamed, set `{config_key}: {plain(name)}`" if config_key else said


def _percent_digits(share: float) -> str:
    shown = share * 100
    return f"{shown:.0f}" if shown >= 10 else f"{shown:.1f}"  # noqa: PLR2004 - two digits count
