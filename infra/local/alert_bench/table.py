"""The tables of the alert bench: the product's results beside its peers' last ones."""

from collections.abc import Callable, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.local.alert_bench.case_folder import NATURAL
from infra.local.alert_bench.corruptions.kinds import KINDS
from infra.local.alert_bench.results import Result
from infra.local.alert_bench.scoring import Score

WIDTH: Final = 150  # what the widest table needs

_OTHER = "*"
_LEGEND: Final = (
    "prec at 50 %, at 5 %: share of alerts that are true when half, or one in twenty, of all "
    "partitions are spoiled. FAR: share of natural partitions that alert. rec@5: recall if 5 % of "
    "them might alert, with hindsight. top1, top3: the spoiled column is blamed first, or among "
    "three. Averages over data sets; every: each so many-th partition was checked."
)

Number = Callable[[Score], float | None]
_NUMBERS: Final[dict[str, Number]] = {
    "prec 50": lambda score: score.precision,
    "prec 5": lambda score: score.precision_at_5,
    "recall": lambda score: score.recall,
    "F1": lambda score: score.f1,
    "FAR": lambda score: score.false_alarms,
    "hard": lambda score: score.hard,
    "soft": lambda score: score.soft,
    "drift": lambda score: score.drift,
    "AUC": lambda score: score.auc,
    "rec@5": lambda score: score.recall_at_5,
    "top1": lambda score: score.top1,
    "top3": lambda score: score.top3,
    "errors": lambda score: score.errors,
}


def overview(product: Sequence[Result], peers: Sequence[Result]) -> RenderableType:
    """Draw one row for each detector, the best F1 first among the peers."""
    table = _table("detector", *_NUMBERS, "ms", "every", "date")
    cases = _cases(product)
    for result in product:
        table.add_row(*_overview_row(result, result.detector), style="bold")
    table.add_section()
    for result in sorted(peers, key=lambda peer: -(peer.score.f1 or 0)):
        table.add_row(*_overview_row(result, _marked(result, cases)))
    return Group(table, Text(_LEGEND, style="dim"), *_warnings(peers, cases))


def by_data_set(product: Sequence[Result], peers: Sequence[Result]) -> RenderableType:
    """Draw one row for each data set and detector."""
    table = _table("data set", "detector", *_NUMBERS)
    cases = _cases(product)
    for data_set in dict.fromkeys(name for result in product for name in result.by_data_set):
        for result in (*product, *peers):
            if data_set in result.by_data_set:
                row = _numbers(result.by_data_set[data_set])
                table.add_row(data_set, _marked(result, cases), *row)
        table.add_section()
    return Group(table, *_warnings(peers, cases))


def by_kind(product: Sequence[Result], peers: Sequence[Result]) -> RenderableType:
    """Draw one row for each kind of corruption: the share of partitions that alerted."""
    everyone = [*product, *peers]
    cases = _cases(product)
    table = _table("group", "kind", *(str(number) for number in range(1, len(everyone) + 1)))
    groups = {NATURAL: NATURAL, **{name: kind.group for name, kind in KINDS.items()}}
    for name, group in groups.items():
        table.add_row(group, name, *(_two(result.by_kind.get(name)) for result in everyone))
    names = (f"{n} {_marked(result, cases)}" for n, result in enumerate(everyone, start=1))
    return Group(table, Text(", ".join(names)), *_warnings(peers, cases))


def _overview_row(result: Result, name: str) -> list[str]:
    numbers = _numbers(result.score)
    time = f"{result.score.check_ms:.0f}"
    return [name, *numbers, time, str(result.origin.stride), result.origin.date]


def _numbers(score: Score) -> list[str]:
    return [_three(number(score)) for number in _NUMBERS.values()]


def _three(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}".replace("0.", ".", 1)


def _two(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}".replace("0.", ".", 1)


def _cases(product: Sequence[Result]) -> str | None:
    return product[0].origin.cases if product else None


def _marked(result: Result, cases: str | None) -> str:
    is_other = cases is not None and result.origin.cases != cases
    return result.detector + (_OTHER if is_other else "")


def _warnings(peers: Sequence[Result], cases: str | None) -> list[Text]:
    if cases is None or all(peer.origin.cases == cases for peer in peers):
        return []
    said = (
        f"{_OTHER} These rows come from other cases: run them again with PEERS=1 before comparing."
    )
    return [Text(said, style="yellow")]


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    for heading in headings:
        is_name = heading in {"detector", "data set", "group", "kind"}
        table.add_column(heading, justify="left" if is_name else "right", no_wrap=True)
    return table
