from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from infra.local.alert_bench import table
from infra.local.alert_bench.case_folder import NATURAL
from infra.local.alert_bench.results import KEPT, Origin, Result, Results, results_of
from tests.unit.test_alert_bench.outcomes import JUDGED, an_outcome

OTHER_CASES = "These rows come from other cases"


def a_result(detector: str, cases: str = "c1") -> Result:
    versions = {"numpy": "2"}
    origin = Origin(cases=cases, seed=7, stride=1, date="2026-01-31", versions=versions)
    [result] = results_of(JUDGED, origin)
    return result.model_copy(update={"detector": detector})


def drawn(what: RenderableType) -> str:
    out = StringIO()
    Console(file=out, width=table.WIDTH).print(what)
    return out.getvalue()


def test_the_product_stands_above_its_peers_with_all_numbers() -> None:
    said = drawn(table.overview([a_result("ours")], [a_result("theirs")]))

    heading, ours, theirs, *_ = said.splitlines()
    assert heading.split()[:3] == ["detector", "prec", "50"]
    assert ours.split()[:6] == ["ours", ".750", ".136", ".750", ".750", ".250"]
    assert theirs.split()[0] == "theirs"
    assert theirs.split()[-1] == "2026-01-31"
    assert OTHER_CASES not in said


@pytest.mark.parametrize("draw", [table.overview, table.by_data_set, table.by_kind])
def test_rows_of_other_cases_are_marked_and_the_table_says_so(draw: object) -> None:
    assert callable(draw)

    said = drawn(draw([a_result("ours")], [a_result("same"), a_result("theirs", "c2")]))

    assert "theirs*" in said
    assert "same*" not in said
    assert OTHER_CASES in said


def test_peers_are_in_the_order_of_their_f1() -> None:
    worse = a_result("worse")
    [silent] = results_of([an_outcome(NATURAL, alert=False)], worse.origin)

    said = drawn(table.overview([a_result("ours")], [silent, worse]))

    assert said.index("worse") < said.index("detector ", said.index("worse"))


def test_kinds_are_numbered_columns_with_a_legend() -> None:
    said = drawn(table.by_kind([a_result("ours")], [a_result("theirs")]))

    [natural] = (line for line in said.splitlines() if line.startswith(NATURAL))
    assert natural.split() == [NATURAL, NATURAL, ".25", ".25"]
    assert "1 ours, 2 theirs" in said


def test_data_sets_have_a_row_for_each_detector() -> None:
    said = drawn(table.by_data_set([a_result("ours")], [a_result("theirs")]))

    rows = [line.split()[:2] for line in said.splitlines()[1:4] if line.strip()]
    assert rows == [["d", "ours"], ["d", "theirs"]]


def test_kept_results_are_read_again_and_replaced_by_name(tmp_path: Path) -> None:
    path = tmp_path / "peers.json"
    assert Results.read(path) == Results()

    Results().with_new([a_result("b"), a_result("a")]).write(path)
    Results.read(path).with_new([a_result("a", "c2")]).write(path)

    kept = Results.read(path).results
    assert [(result.detector, result.origin.cases) for result in kept] == [("a", "c2"), ("b", "c1")]
    assert kept[0].score.recall == 0.75


def test_the_kept_results_of_peers_come_from_one_set_of_cases() -> None:
    kept = Results.read(KEPT).results

    assert len(kept) > 5
    assert len({result.origin.cases for result in kept}) == 1
