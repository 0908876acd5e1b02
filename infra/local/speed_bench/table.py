"""The table of the speed bench: what each program took, and how many times the floor that is."""

from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from infra.local.speed_bench.bench import FLOOR, AtStart
from infra.local.speed_bench.measuring import Usage
from infra.local.speed_bench.results import PeerSpeed

WIDTH: Final = 120

_NOTHING_HEAVY: Final = "without pandas, scipy and sklearn"

_LEGEND: Final = (
    "Medians of whole processes. The floor reads the partition once and counts; x: times the floor "
    "of the same run, which is left out where a row group is too large for it. Peers read a "
    "reference of the same size as well; their rows are kept results."
)


def speeds(
    measured: Mapping[str, Mapping[str, Usage]],
    peers: Sequence[PeerSpeed],
    at_start: AtStart | None = None,
) -> RenderableType:
    """Draw one row for each scenario and program, then the kept ones of the peers."""
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    for heading in ("partition", "program"):
        table.add_column(heading, no_wrap=True)
    for heading in ("wall s", "x", "CPU s", "x", "peak MiB", "x", "date"):
        table.add_column(heading, justify="right", no_wrap=True)
    for scenario, by_program in measured.items():
        for name, usage in by_program.items():
            table.add_row(scenario, name, *_numbers(usage, by_program.get(FLOOR)), "")
        for peer in (one for one in peers if one.scenario == scenario):
            numbers = _numbers(peer.took.usage(), peer.floor.usage())
            table.add_row(scenario, peer.name, *numbers, peer.date, style="dim")
        table.add_section()
    said = [] if at_start is None else [Text(_in_words(at_start))]
    return Group(table, *said, Text(_LEGEND, style="dim"))


def _in_words(at_start: AtStart) -> str:
    heavy = f"with {' and '.join(at_start.heavy)}" if at_start.heavy else _NOTHING_HEAVY
    return (
        f"A check is imported in {at_start.import_s:.2f} s, {heavy}; a history of 365 partitions "
        f"of 50 columns is loaded and one more judged in {1000 * at_start.year_s:.0f} ms."
    )


def _numbers(usage: Usage, floor: Usage | None) -> list[str]:
    times = usage.over(floor) if floor else None
    return [
        f"{usage.wall_s:.2f}",
        f"{times.wall_s:.2f}" if times else "",
        f"{usage.cpu_s:.2f}",
        f"{times.cpu_s:.2f}" if times else "",
        f"{usage.peak_mib:.0f}",
        f"{times.peak_mib:.2f}" if times else "",
    ]
