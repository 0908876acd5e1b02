"""`make bench-retrain`: what a training takes beside plain scikit-learn on the same rows."""

import json
import sys
from pathlib import Path
from statistics import median
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from infra.local.peer_environment import CACHE
from infra.local.retrain_bench.data import WORKLOADS, Workload
from infra.local.speed_bench.measuring import measure

_PARTS: Final = ("read", "features", "fit", "write")
_ALL, _PEAK, _PROCESS = "all four", "peak MiB", "process"
_WIDTH: Final = 120
_LEGEND: Final = (
    "Medians of whole processes, run in turn on one core; seconds on the wall. The goal is at most "
    "1.3 x for all four and at most 1.5 x for the peak. `process` adds the start of Python and the "
    "imports, for ours those of skops, which imports all of scikit-learn."
)

Took = dict[str, float]


def main(
    *,
    of: Annotated[str, typer.Option(help="flights, million, or both with a comma.")] = (
        "flights,million"
    ),
    runs: Annotated[int, typer.Option(help="Of each program; the median counts.", min=1)] = 5,
    cache: Annotated[Path, typer.Option(help="Where the rows are kept.")] = CACHE / "retrain",
) -> None:
    """Measure both in turn; print the medians, their ratio, and what comes on top."""
    console = Console(width=max(Console().width, _WIDTH))
    cache.mkdir(parents=True, exist_ok=True)
    for name in of.split(","):
        table, apart = _table(*_PARTS, _ALL, _PROCESS, _PEAK), _table("s")
        workload = WORKLOADS[name](cache)
        plain, ours = _compared(workload, name, cache, runs)
        table.add_row(workload.name, "plain scikit-learn", *_shown(plain))
        table.add_row(workload.name, "Watchkeeper", *_shown(ours))
        ratio = {part: ours[part] / plain[part] for part in ours}
        table.add_row(workload.name, "x", *_shown(ratio), style="bold", end_section=True)
        whole = _run([*_ours(name, cache), "whole"], cache / "took.json")
        for part in [part for part in whole if part not in ours]:
            apart.add_row(workload.name, f"on top: {part}", f"{whole[part]:.2f}")
        console.print(table)
        console.print(apart)
    console.print(_LEGEND, style="dim", highlight=False)


def _compared(workload: Workload, name: str, cache: Path, runs: int) -> tuple[Took, Took]:
    settings = _settings(workload, cache)
    plain = [sys.executable, "-m", "infra.local.retrain_bench.plain", str(settings)]
    ours = _ours(name, cache)
    both = [[_run(program, cache / "took.json") for program in (plain, ours)] for _ in range(runs)]
    first, second = (_medians(side) for side in zip(*both, strict=True))
    return first, second


def _ours(name: str, cache: Path) -> list[str]:
    program = "infra.local.retrain_bench.ours"
    return [sys.executable, "-m", program, name, str(cache), str(cache / "took.json")]


def _run(command: list[str], took: Path) -> Took:
    used = measure(command, cores=1)
    parts: Took = json.loads(took.read_text())
    four = sum(parts[part] for part in _PARTS)
    return {**parts, _ALL: four, _PROCESS: used.wall_s, _PEAK: used.peak_mib}


def _medians(runs: tuple[Took, ...]) -> Took:
    return {part: median(run[part] for run in runs) for part in runs[0]}


def _settings(workload: Workload, cache: Path) -> Path:
    config, file = workload.config, cache / "plain.json"
    kinds = {name: column.type for name, column in sorted(config.columns.items())}
    said = {
        "folder": str(workload.folder / "objects"),
        "features": config.data.features,
        "labels": config.data.labels,
        "key": config.data.key,
        "target": config.target.column,
        "numbers": [name for name, kind in kinds.items() if kind == "number"],
        "categories": [name for name, kind in kinds.items() if kind == "category"],
        "parameters": config.training.parameters,
        "seed": config.training.seed,
        "validation_days": config.training.validation_days,
        "out": str(cache / "plain.joblib"),
        "took": str(cache / "took.json"),
    }
    file.write_text(json.dumps(said))
    return file


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 1))
    for heading in ("rows", "program"):
        table.add_column(heading, no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _shown(took: Took) -> list[str]:
    return [f"{took[part]:.2f}" for part in (*_PARTS, _ALL, _PROCESS, _PEAK)]


if __name__ == "__main__":
    typer.run(main)
