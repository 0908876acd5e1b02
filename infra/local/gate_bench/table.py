"""The table of the gate bench: wrong claims beside the pairs that right ones take."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.local.gate_bench.bench import TO_BEAT, Foretold, Question, Row, Watched
from infra.local.gate_bench.methods import ALPHA, HORIZON
from infra.local.gate_bench.simulate import Found
from infra.local.gate_bench.worlds import DAY

WIDTH: Final = 118

_LEGEND: Final = (
    f"Looks every {DAY} pairs up to {HORIZON:,}; each claim may be wrong in {ALPHA:.0%} of runs. "
    "Wrongly: share of runs that ever claim what is not so. In the worlds that take turns, day by "
    "day or as weather does, it is so on every other day and false on average: rows of one day are "
    "not independent there. By weeks: the same weather for seven days, so days are not either. "
    "Mean pairs until the true claim; in brackets the share of runs that reach it, where not all "
    "do. To beat: the first simulations of this gate. The fixed size is planned for half a point "
    "with power 0.9."
)


def claims(title: str, questions: Sequence[Question], rows: Sequence[Row]) -> RenderableType:
    """Draw a row for each method: how often it is wrong, then how long it takes."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1), title=title)
    table.title_justify = "left"
    table.add_column("wrongly: %, mean pairs", no_wrap=True)
    for question in questions:
        table.add_column(question.heading, justify="right")
    for row in rows:
        cells = [
            _cell(question, found) for question, found in zip(questions, row.found, strict=True)
        ]
        table.add_row(row.method, *cells)
    if any(question.heading in TO_BEAT for question in questions):
        limits = [_limit(question) for question in questions]
        table.add_row("to beat", *limits, style="dim")
    return table


def trials(found: Sequence[Foretold], watch: Watched) -> RenderableType:
    """Draw what was decided of each true gain, and how well its day was foretold."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    table.title = (
        "The gate's own decisions, by true gain in Brier score; wrong are promotions at the "
        "margin, -0.002, and kills at the least gain, +0.001"
    )
    table.title_justify = "left"
    for heading in ("true gain", "gain", "refresh", "futile", "harmful", "undecided"):
        table.add_column(heading, justify="right")
    for heading in ("mean days", "foretold by actual: low quarter", "median", "high quarter"):
        table.add_column(heading, justify="right")
    for one in found:
        many = sum(one.decisions.values())
        shares = [
            f"{one.decisions.get(decision, 0) / many:.0%}"
            for decision in ("gain", "refresh", "futile", "harmful", "undecided")
        ]
        table.add_row(f"{one.effect:+.4f}", *shares, f"{one.days:.1f}", *_quarters(one.ratios))
    every = tuple(ratio for one in found for ratio in one.ratios)
    table.add_row("all", *[""] * 6, *_quarters(every), style="bold")
    return Group(table, Text(), Text(_watched(watch)), Text(), Text(_LEGEND, style="dim"))


def _cell(question: Question, found: Found) -> str:
    if question.is_false:
        return f"{found.share:.1%}"
    reached = "" if found.share == 1 else f" ({found.share:.2f})"
    return f"{found.pairs:,.0f}{reached}"


def _limit(question: Question) -> str:
    if question.takes_turns:
        return ""
    return f"{ALPHA:.1%}" if question.is_false else f"{TO_BEAT[question.heading]:,}"


def _quarters(ratios: Sequence[float]) -> list[str]:
    if not ratios:
        return ["", "", ""]
    return [f"{quarter:.2f}" for quarter in np.quantile(ratios, (0.25, 0.5, 0.75))]


def _watched(watch: Watched) -> str:
    return (
        f"After a promotion, {watch.false_share:.1%} of equal versions are called worse within 60 "
        f"days; a version that turns worse by 0.005 after a good month is found out in "
        f"{watch.seen_share:.0%}, after {watch.days:.0f} days (median)."
    )
