"""`make bench-gate`: how often the gate is wrong however often one looks, and how fast it is."""

from typing import Annotated

import typer
from rich.console import Console

from infra.local.gate_bench.bench import (
    DECISIONS,
    SCORES,
    foretold,
    of_decisions_methods,
    of_scores_methods,
    rows_of,
    watched,
)
from infra.local.gate_bench.table import WIDTH, claims, trials


def main(
    *,
    seed: Annotated[int, typer.Option(help="Of all that is drawn.")] = 7,
    runs: Annotated[int, typer.Option(help="Of each method and question.", min=20)] = 4000,
) -> None:
    """Let the gate and its peers decide in worlds where the truth is known."""
    console = Console()
    with console.status("") as status:
        decisions = rows_of(DECISIONS, of_decisions_methods(seed), runs, seed, status.update)
        scores = rows_of(SCORES, of_scores_methods(), runs // 2, seed, status.update)
        days = foretold(runs // 40, seed, status.update)
        watch = watched(runs // 10, seed, status.update)
    wide = Console(width=max(console.width, WIDTH))
    wide.print(claims("Decisions, right or wrong; points of accuracy", DECISIONS, decisions))
    wide.print(claims("\nBrier scores; hundredths", SCORES, scores))
    wide.print(trials(days, watch))


if __name__ == "__main__":
    typer.run(main)
