"""`make bench-alerts`: how many errors are caught, and how often somebody is woken for nothing."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from infra.local.alert_bench import table
from infra.local.alert_bench.bench import Bench
from infra.local.alert_bench.detector import NoSuchDetector
from infra.local.alert_bench.peers.catalogue import chosen
from infra.local.alert_bench.results import KEPT, Results
from infra.local.alert_bench.running import WorkerFailed
from infra.local.peer_environment import CACHE
from infra.local.peer_names import NoSuchPeer


class By(StrEnum):
    """What the numbers are broken down by."""

    KIND = "kind"
    DATA_SET = "dataset"


def main(  # noqa: PLR0913 - each is an option of the command line
    *,
    detector: Annotated[str, typer.Option(help="module:Class")] = "infra.local.bench:Product",
    seed: Annotated[int, typer.Option(help="Of the corruptions.")] = 7,
    stride: Annotated[int, typer.Option(help="Check every so many-th partition only.", min=1)] = 1,
    by: Annotated[By | None, typer.Option(help="Break the numbers down.")] = None,
    cache: Annotated[Path, typer.Option(help="Where data, cases and environments lie.")] = CACHE,
    peers: Annotated[str, typer.Option(help="Run these again: names with commas, or 1.")] = "",
) -> None:
    """Judge a detector on three open data sets beside its peers' last results."""
    console = Console()
    try:
        bench = Bench(console, cache, seed)
        for peer in chosen(peers):
            bench.run_peer(peer, keep_in=KEPT)
        product = bench.run(detector, stride)
    except (NoSuchDetector, WorkerFailed, NoSuchPeer) as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    kept = Results.read(KEPT).results
    draw = {By.KIND: table.by_kind, By.DATA_SET: table.by_data_set, None: table.overview}[by]
    Console(width=max(console.width, table.WIDTH)).print(draw(product, kept))


if __name__ == "__main__":
    typer.run(main)
