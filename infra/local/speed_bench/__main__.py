"""`make bench-speed`: what a check takes beside the least that it could take."""

from importlib.util import find_spec
from typing import Annotated

import typer
from rich.console import Console

from infra.local.peer_names import NoSuchPeer
from infra.local.speed_bench.bench import measure_peer, measure_product, measure_start
from infra.local.speed_bench.fan_bench import drawn, measure_fan
from infra.local.speed_bench.learn_bench import learned, measure_learning
from infra.local.speed_bench.measuring import ProgramFailed
from infra.local.speed_bench.peers.catalogue import chosen
from infra.local.speed_bench.results import KEPT, PeerSpeeds
from infra.local.speed_bench.scenarios import scenarios
from infra.local.speed_bench.table import WIDTH, speeds

_NONE = "none"


def main(  # noqa: PLR0913 - a command line with as many options
    *,
    rows: Annotated[str, typer.Option(help="Millions of rows, several with commas.")] = "1",
    check: Annotated[str, typer.Option(help="module:function, or none for the floor alone.")] = (
        "infra.local.speed_bench.one_check:check_once"
    ),
    runs: Annotated[int, typer.Option(help="Of each program; the median counts.", min=1)] = 3,
    fan: Annotated[
        int, typer.Option(help="Objects of one large partition; then nothing else is measured.")
    ] = 0,
    learn: Annotated[
        int, typer.Option(help="Partitions to learn from; then nothing else is measured.")
    ] = 0,
    peers: Annotated[str, typer.Option(help="Run these again: names with commas, or 1.")] = "",
) -> None:
    """Measure wall, CPU and memory of a check of one big partition."""
    console = Console()
    if check != _NONE and find_spec(check.partition(":")[0]) is None:
        console.print(
            f"There is no `{check}`; give CHECK=module:function, or CHECK=none.", soft_wrap=True
        )
        raise typer.Exit(1)
    if fan:
        with console.status("") as status:
            large = measure_fan(fan, status.update)
        console.print(drawn(large))
        return
    if learn:
        with console.status("") as status:
            took = measure_learning(learn, status.update)
        console.print(learned(took))
        return
    planned = scenarios([float(size) for size in rows.split(",")])
    try:
        again = chosen(peers)
    except NoSuchPeer as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    with console.status("") as status:
        for peer in again:
            try:
                new = measure_peer(planned[0], peer, status.update)
            except ProgramFailed as failed:
                console.print(str(failed), style="red", markup=False, soft_wrap=True)
            else:
                PeerSpeeds.read(KEPT).with_new(new).write(KEPT)
        measured = {
            scenario.name: measure_product(
                scenario, None if check == _NONE else check, runs, status.update
            )
            for scenario in planned
        }
        at_start = None if check == _NONE else measure_start(planned[0], runs, status.update)
    kept = PeerSpeeds.read(KEPT).results
    Console(width=max(console.width, WIDTH)).print(speeds(measured, kept, at_start))


if __name__ == "__main__":
    typer.run(main)
