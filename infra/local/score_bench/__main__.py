"""`make bench-score`: what scoring takes beside the least that it could take."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from infra.local.score_bench.batch import BatchSpeed, measure_batch
from infra.local.score_bench.requests import RequestSpeed, measure_requests
from infra.local.score_bench.world import World


def main(
    *,
    rows: Annotated[str, typer.Option(help="Thousands of rows, several with commas.")] = "100,1000",
    runs: Annotated[int, typer.Option(help="Partitions of each size; the median counts.")] = 7,
    requests: Annotated[int, typer.Option(help="Warm requests of 100 rows.")] = 1000,
) -> None:
    """Measure partitions and requests of rows with 17 columns."""
    console = Console()
    with console.status("training a champion") as status, World.made() as world:
        batches = [
            measure_batch(
                world, int(float(size) * 1000), runs, status.update, after_days=number * (runs + 1)
            )
            for number, size in enumerate(rows.split(","))
        ]
        status.update("sending requests")
        answered = measure_requests(world, requests, 100)
    console.print(drawn(batches))
    console.print(in_words(answered))


def drawn(batches: list[BatchSpeed]) -> Table:
    """Draw what partitions took."""
    table = Table("rows", "", "bare", "score", "ratio", title="read, predict, write: medians")
    for one in batches:
        for kind, bare, ours in (
            ("wall", one.bare.wall_s, one.ours.wall_s),
            ("processor", one.bare.cpu_s, one.ours.cpu_s),
        ):
            table.add_row(
                f"{one.rows:,}", kind, f"{bare:.2f} s", f"{ours:.2f} s", f"{ours / bare:.2f}"
            )
    return table


def in_words(answered: RequestSpeed) -> str:
    """Say what requests took."""
    return (
        f"{answered.requests:,} warm requests of {answered.rows} rows: "
        f"p50 {answered.p50_ms:.1f} ms, p99 {answered.p99_ms:.1f} ms; of the processor "
        f"p50 {answered.cpu_p50_ms:.1f} ms, p99 {answered.cpu_p99_ms:.1f} ms"
    )


if __name__ == "__main__":
    typer.run(main)
