import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer import Typer
from typer.testing import CliRunner

from infra.local.alert_bench.__main__ import main as alerts
from infra.local.alert_bench.bench import Bench
from infra.local.alert_bench.cases import make_cases
from infra.local.alert_bench.peers.catalogue import Peer
from infra.local.alert_bench.results import Results
from infra.local.alert_bench.running import Job, WorkerFailed, run
from infra.local.gate_bench.__main__ import main as gate
from infra.local.peer_environment import PeerEnvironment
from infra.local.retrain_bench.__main__ import main as retraining
from infra.local.speed_bench.__main__ import main as speed
from tests.unit.test_alert_bench.tables import a_data_set

TABLES = "tests.unit.test_alert_bench.tables"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Make a cache that already has cases, so that nothing is fetched."""
    data_sets = [a_data_set(), a_data_set(name="returns")]
    make_cases(data_sets, tmp_path / "cases" / "seed-7", seed=7)
    return tmp_path


def call(command: object, *arguments: str) -> tuple[int, str]:
    app = Typer()
    app.command()(command)  # type: ignore[type-var]  # typer's own bound
    result = CliRunner().invoke(app, arguments)
    return result.exit_code, result.output


def test_a_detector_is_judged_beside_the_peers_of_other_cases(cache: Path) -> None:
    code, said = call(
        alerts, "--detector", f"{TABLES}:PriceMean", "--stride", "3", "--cache", str(cache)
    )

    assert code == 0, said
    [ours] = (line for line in said.splitlines() if line.startswith("PriceMean"))
    assert ours.split()[5] == ".000", "it never wakes anybody for a natural partition"
    assert "redyuk_knn*" in said
    assert "come from other cases" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--detector", "nowhere:Nobody"), "There is no detector `nowhere:Nobody`"),
        (("--peers", "nobody"), "There is no peer nobody"),
    ],
)
def test_what_is_not_there_is_one_sentence(
    cache: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, said = call(alerts, "--cache", str(cache), *arguments)

    assert code == 1
    assert sentence in said


def test_a_peer_is_kept_and_one_that_fails_stops_nobody(cache: Path) -> None:
    console = Console(record=True, width=200)
    bench = Bench(console, cache, seed=7)
    kept = cache / "peers.json"

    bench.run_peer(Peer("p", f"{TABLES}:PriceMean", ("numpy",), stride=3), keep_in=kept)
    bench.run_peer(Peer("q", f"{TABLES}:Missing", ("numpy",)), keep_in=kept)

    [result] = Results.read(kept).results
    assert result.detector == "PriceMean"
    assert result.origin.versions.keys() == {"numpy"}
    assert set(result.by_data_set) == {"orders", "returns"}
    assert "did not get through orders" in console.export_text()


def test_a_worker_that_ends_early_tells_what_it_said(cache: Path) -> None:
    job = Job(f"{TABLES}:Missing", "orders", Path(sys.executable))

    with pytest.raises(WorkerFailed, match="There is no detector"):
        run(job, cache / "cases" / "seed-7", cache / "out", lambda _: None)


def test_an_environment_is_made_once_as_it_is_described(tmp_path: Path) -> None:
    empty = PeerEnvironment("empty", ())

    python = empty.python(tmp_path)
    (python.parent / "mark").touch()

    assert python.exists()
    assert (empty.python(tmp_path).parent / "mark").exists()


def test_a_check_that_is_not_there_is_one_sentence() -> None:
    code, said = call(speed, "--check", "nowhere_at_all:check")

    assert code == 1
    assert "There is no `nowhere_at_all:check`" in said


def test_a_speed_peer_that_is_not_there_is_one_sentence() -> None:
    code, said = call(speed, "--check", "none", "--peers", "nobody")

    assert code == 1
    assert "There is no peer nobody" in said


def test_the_gate_is_judged_beside_its_peers_in_one_table() -> None:
    code, said = call(gate, "--runs", "40", "--seed", "3")

    assert code == 0, said
    for method in ("bets (the gate)", "fixed horizon", "z-test each day", "O'Brien-Fleming"):
        assert method in said
    assert "foretold by actual" in said
    assert "are called worse within 60 days" in " ".join(said.split())


def test_the_retrain_bench_measures_both_on_the_same_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    retraining(of="flights", runs=1, cache=tmp_path)

    said = capsys.readouterr().out
    plain, ours, ratio = said.splitlines()[1:4]
    assert plain.split()[5:7] == ["plain", "scikit-learn"]
    assert ours.split()[5] == "Watchkeeper"
    assert all(float(number) > 0 for number in ratio.split()[6:])
    assert "on top: evaluation" in said
