import json
from math import inf, nan
from pathlib import Path

import pandas as pd
import pytest

from infra.local.alert_bench.case_folder import NATURAL, CaseFolder
from infra.local.alert_bench.cases import make_cases
from infra.local.alert_bench.detector import Finding, NoSuchDetector, load
from infra.local.alert_bench.worker import PLACE_DONE, Outcome, main, outcomes
from tests.unit.test_alert_bench.tables import a_data_set

TABLES = "tests.unit.test_alert_bench.tables"


class Unsure:
    """Finds nothing that is a number."""

    def update(self, _history: list[pd.DataFrame], _keys: list[str]) -> None: ...

    def check(self, _partition: pd.DataFrame, _key: str) -> dict[str, Finding]:
        return {"unsure": (False, nan, ["x"] * 20)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CaseFolder:
    """Make the cases of one small data set once."""
    path = tmp_path_factory.mktemp("cases")
    make_cases([a_data_set()], path, seed=7)
    return CaseFolder(path)


def judged(folder: CaseFolder, detector: str, stride: int = 1) -> list[Outcome]:
    return [one for found in outcomes(folder, "orders", detector, stride) for one in found]


def test_every_case_is_checked_after_the_history_before_it(folder: CaseFolder) -> None:
    found = judged(folder, f"{TABLES}:PriceMean")

    assert [outcome.case for outcome in found] == list(folder.manifest().cases)
    assert {outcome.detector for outcome in found} == {"PriceMean"}
    assert not any(outcome.alert for outcome in found if outcome.case.group == NATURAL)
    assert all(outcome.ranked == ("price",) for outcome in found if not outcome.failed)


def test_a_check_that_fails_is_an_alert_for_each_name(folder: CaseFolder) -> None:
    found = judged(folder, f"{TABLES}:Broken", stride=6)

    assert [outcome.detector for outcome in found] == ["broken_a", "broken_b"] * 4
    assert all(outcome.alert and outcome.failed and outcome.score == inf for outcome in found)


def test_a_score_that_is_no_number_is_the_worst_and_few_ranks_are_kept(folder: CaseFolder) -> None:
    first, *_ = judged(folder, f"{__name__}:Unsure")

    assert first.score == inf
    assert not first.alert
    assert len(first.ranked) == 10


def test_an_outcome_survives_being_written(folder: CaseFolder) -> None:
    for outcome in judged(folder, f"{TABLES}:Broken", stride=6):
        assert Outcome.from_json(outcome.as_json()) == outcome


def test_the_program_writes_outcomes_and_says_when_a_place_is_done(
    folder: CaseFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"

    main([str(folder.path), "orders", f"{TABLES}:PriceMean", "3", str(out)])

    assert capsys.readouterr().out.splitlines() == [PLACE_DONE] * 2
    lines = out.read_text().splitlines()
    assert [json.loads(line)["case"]["at"] for line in lines] == [30] * 4 + [33] * 4


@pytest.mark.parametrize("path", ["no.such.module:Class", f"{TABLES}:Missing", "", TABLES])
def test_a_detector_that_is_not_there_is_named(path: str) -> None:
    with pytest.raises(NoSuchDetector, match=f"no detector `{path}`"):
        load(path)
