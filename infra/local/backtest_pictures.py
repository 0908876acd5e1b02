"""What a backtest said, as pictures: the whole period, and each alert with the number it names."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from textwrap import fill
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from core.domain.finding import Finding, Kind
from core.domain.verdict import ErrorClass
from core.domain.wording import number, percent
from functions.arrays import Floats
from functions.flows.backtest import Checked
from functions.flows.checking.trace import Trace

PERIOD: Final = "period.png"
_DPI: Final = 200  # twice what a page shows: sharp on a telephone, too
_WIDE, _HIGH = 9.0, 4.2  # inches, a page's width at 100 pixels an inch
_SHOWN: Final = 60  # partitions before an alert: those that say what is usual
_INK, _QUIET, _BAND = "#24292f", "#8c959f", "#dbe9f6"
# Okabe and Ito's colours: told apart by everybody, and each has a shape of its own as well.
_LOOKS: Final = {
    ErrorClass.HARD: ("#d55e00", "s"),
    ErrorClass.SOFT: ("#cc79a7", "^"),
    ErrorClass.DRIFT: ("#0072b2", "o"),
}
_TEXT, _SMALL, _TITLE = 10, 9, 11.5
_LETTERS: Final = 96  # of a title's line
_TICKS: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
_ROWS_OF_NAMES: Final = 3
_NAME_WIDTH: Final = 0.055  # of the picture
_ROOM_FOR_NAMES: Final = 4.0  # times the largest score
_LESS: Final = 0.8  # times the smallest one
_SHARES: Final = frozenset(
    {Kind.NULLS, Kind.ZEROS, Kind.NEGATIVE, Kind.MINUS_ONES, Kind.FRACTIONS, Kind.RANGE, Kind.SHAPE}
    | {Kind.PADDED, Kind.FOREIGN, Kind.UPPER, Kind.LOWER, Kind.UNSEEN, Kind.DUPLICATES, Kind.PEAK}
    | {Kind.DECIMALS}
)
_CALLED: Final = {
    Kind.NULLS: "rows without a value",
    Kind.ZEROS: "rows with a zero",
    Kind.NEGATIVE: "negative rows",
    Kind.RANGE: "rows far outside",
    Kind.UNSEEN: "rows in unknown categories",
    Kind.DUPLICATES: "rows whose key was there before",
    Kind.DISTINCT: "distinct values",
    Kind.ROWS: "rows",
    Kind.LENGTH: "letters",
    Kind.PEAK: "rows with the most frequent value",
}


def draw(model: str, checks: Sequence[Checked], folder: Path) -> int:
    """Draw the whole period and each of its alerts; returns how many pictures were drawn.

    Args:
        model: its name.
        checks: at least one, oldest first.
        folder: is made if it is not there; pictures of the same name are drawn over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw_period(model, checks, folder / PERIOD)
    alerts = [i for i, checked in enumerate(checks) if checked.is_alert]
    for i in alerts:
        before = checks[max(i - _SHOWN, 0) : i + 1]
        alert_picture(before).savefig(folder / f"{checks[i].partition}.png", dpi=_DPI)
    return len(alerts) + 1


def draw_period(model: str, checks: Sequence[Checked], file: Path) -> None:
    """Draw the whole period alone."""
    period_picture(model, checks).savefig(file, dpi=_DPI)


def period_picture(model: str, checks: Sequence[Checked]) -> Figure:
    """Draw the score of each partition beside the limit; alerts by class, and named by date."""
    alerts = [checked for checked in checks if checked.is_alert]
    figure, axes = _empty(_HIGH)
    _scores(axes, checks)
    times = _times([checked.partition for checked in checks])
    edge = max(1.0, _NAME_WIDTH / 2 * float(np.ptp(times)))  # the first and the last name fit
    axes.set_xlim(times[0] - edge, times[-1] + edge)
    low, high = axes.get_ylim()
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in _TICKS if tick <= high]))
    axes.set_ylim(low, high * _ROOM_FOR_NAMES if alerts else high)
    _name(axes, alerts, high)
    said = f"{len(alerts)} alert{'s' if len(alerts) != 1 else ''} in {len(checks)} partitions"
    _entitle(axes, f"{model}: {said}, {checks[0].partition} to {checks[-1].partition}")
    return figure


def alert_picture(before: Sequence[Checked]) -> Figure:
    """Draw the newest of some partitions by the number that its alert names.

    Where that is no number its score says how far beyond the limit it is.
    """
    figure, axes = _empty(_HIGH * 0.8)
    newest = before[-1]
    if newest.trace is None:
        _scores(axes, before)
    else:
        _number(axes, newest.trace, newest)
    sentence = newest.verdict.sentence.replace("`", "")
    _entitle(axes, f"{newest.partition}: {sentence}")
    return figure


def _number(axes: Axes, trace: Trace, newest: Checked) -> None:
    names, values = trace.partitions[-_SHOWN - 1 :], trace.numbers[-_SHOWN - 1 :]
    times, finding = _times(names), trace.finding
    if finding.usual is not None:
        low, high = finding.usual
        span = axes.axhspan(low, high, color=_BAND, zorder=0, label="usual")
        span.set_linewidth(4)  # seen however narrow it is
    axes.plot(times[:-1], values[:-1], "o-", color=_QUIET, ms=3, lw=1, label="before")
    colour, shape = _looks(newest)
    axes.plot(
        times[-1:], values[-1:], shape, color=colour, ms=9, label=str(newest.verdict.error_class)
    )
    words = _in_words(finding)
    axes.annotate(
        words(float(values[-1])),
        (times[-1], values[-1]),
        xytext=(8, 0),
        textcoords="offset points",
        va="center",
        color=_INK,
        fontsize=_TEXT,
        fontweight="bold",
        parse_math=False,
    )
    axes.margins(x=0.08, y=0.12)
    axes.ticklabel_format(axis="y", style="plain", useOffset=False)
    if finding.kind in _SHARES:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.3g} %"))
    axes.set_ylabel(_called(finding), fontsize=_TEXT, color=_INK, parse_math=False)
    axes.legend(loc="best", frameon=False, fontsize=_SMALL)


def _scores(axes: Axes, checks: Sequence[Checked]) -> None:
    """Draw scores beside their limit, on a logarithmic scale, each class with its own mark."""
    times = _times([checked.partition for checked in checks])
    scores = np.array([max(checked.verdict.score, _TICKS[0]) for checked in checks])
    quiet = np.array([not checked.verdict.is_broken for checked in checks])
    axes.set_yscale("log")
    axes.plot(times[quiet], scores[quiet], "o", color=_QUIET, ms=3, label="nothing unusual")
    for error_class, (colour, shape) in _LOOKS.items():
        which = np.array([checked.verdict.error_class is error_class for checked in checks])
        if which.any():
            axes.plot(
                times[which], scores[which], shape, color=colour, ms=7, label=str(error_class)
            )
    axes.axhline(1, color=_INK, lw=1, ls=(0, (4, 3)))
    axes.annotate(
        "limit",
        (0, 1),
        xycoords=("axes fraction", "data"),
        xytext=(4, 3),
        textcoords="offset points",
        fontsize=_SMALL,
        color=_INK,
    )
    axes.set_ylim(float(scores.min()) * _LESS, max(float(scores.max()), 1.0) / _LESS)
    axes.yaxis.set_major_locator(FixedLocator(_TICKS))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.set_ylabel("score, 1 is the limit", fontsize=_TEXT, color=_INK)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.1),
        ncols=len(_LOOKS) + 1,
        frameon=False,
        fontsize=_TEXT,
    )


def _name(axes: Axes, alerts: Sequence[Checked], highest: float) -> None:
    """Write the date of each alert above it, in rows where they stand close together."""
    left, right = axes.get_xlim()
    width = _NAME_WIDTH * (right - left)
    ends = [-np.inf] * _ROWS_OF_NAMES
    for alert, time in zip(alerts, _times([a.partition for a in alerts]), strict=True):
        free = [row for row, end in enumerate(ends) if time - width / 2 >= end]
        row = free[0] if free else int(np.argmin(ends))
        middle = max(float(time), ends[row] + width / 2)
        middle = min(middle, right - width / 2)
        ends[row] = middle + width / 2
        colour, _ = _looks(alert)
        height = highest * _ROOM_FOR_NAMES ** ((row + 0.6) / (_ROWS_OF_NAMES + 0.2))
        line = ([float(time), middle], [alert.verdict.score, height])
        axes.plot(*line, color=colour, lw=0.7, alpha=0.6, zorder=1)
        axes.text(
            middle,
            height,
            _day(alert.partition),
            ha="center",
            va="center",
            fontsize=_SMALL,
            color=_INK,
            bbox={"boxstyle": "square,pad=0.1", "color": "white"},  # hides lines behind it
        )


def _empty(high: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(_WIDE, high), facecolor="white", layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_QUIET)
    axes.tick_params(labelsize=_SMALL, colors=_INK, color=_QUIET)
    axes.grid(axis="y", color="#eaeef2", lw=0.8)
    axes.set_axisbelow(True)
    locator = AutoDateLocator(minticks=4, maxticks=12)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator, show_offset=False))
    return figure, axes


def _entitle(axes: Axes, text: str) -> None:
    axes.set_title(fill(text, _LETTERS), loc="left", fontsize=_TITLE, color=_INK, parse_math=False)


def _times(partitions: Sequence[str]) -> Floats:
    moments = [datetime.fromisoformat(name).replace(tzinfo=UTC) for name in partitions]
    return np.asarray(date2num(moments), dtype=np.float64)


def _day(partition: str) -> str:
    day = datetime.fromisoformat(partition)
    return f"{day.day} {day:%b}"


def _looks(checked: Checked) -> tuple[str, str]:
    return _LOOKS[checked.verdict.error_class or ErrorClass.DRIFT]


def _in_words(finding: Finding) -> Callable[[float], str]:
    return percent if finding.kind in _SHARES else number


def _called(finding: Finding) -> str:
    """Say what the numbers are."""
    if finding.kind is Kind.ROWS:
        return "rows"
    named = _CALLED.get(finding.kind, str(finding.kind))
    if finding.kind in {Kind.QUANTILE, Kind.SHAPE} and finding.where:
        named = finding.where.replace("`", "")
    unit = f" ({finding.unit})" if finding.unit and finding.kind not in _SHARES else ""
    return f"{finding.column}: {named}{unit}"
