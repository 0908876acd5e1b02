import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from functions.data.trainer import find_trainer
from functions.data.trainer_failed import (
    NoSuchTrainer,
    NotAllowed,
    OutOfTime,
    TrainerDied,
    TrainerFailed,
    TrainerThrew,
)
from functions.ml.training.fitted import as_pipeline, why_it_cannot_serve
from tests.team_trainers import install_trainers
from tests.unit.trainings import some_rows


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ours", "ours.trainers"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return install_trainers(tmp_path, monkeypatch)


def made_by(function: str, at_most_s: float = 60, **parameters: Any) -> Any:  # noqa: ANN401 - scikit-learn has no types
    return find_trainer(f"ours.trainers:{function}").fit(*some_rows(), parameters, 7, at_most_s)


def made_here(function: str) -> Any:  # noqa: ANN401 - scikit-learn has no types
    """Call a trainer in this process, which takes no start of another one."""
    return getattr(import_module("ours.trainers"), function)(*some_rows(), {}, 7)


def test_a_trainer_is_called_with_all_it_needs_and_what_it_fits_comes_back(
    capfd: pytest.CaptureFixture[str],
) -> None:
    features, labels = some_rows()

    made = made_by("prints", depth=3)

    assert "rows: 200 {'depth': 3} 7 [" in capfd.readouterr().err
    assert why_it_cannot_serve(made, features, labels, of_numbers=False) is None
    here = made_here("shallow")
    np.testing.assert_array_equal(made.predict_proba(features), here.predict_proba(features))


def test_an_exception_is_told_by_type_and_message_and_its_traceback_stands_in_the_log(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(TrainerThrew) as failed:
        made_by("throws")

    assert str(failed.value) == (
        "training.trainer: `ours.trainers:throws` failed with KeyError: 'no column `speed`'"
    )
    assert "Traceback" in capfd.readouterr().err


def test_an_exception_is_told_by_type_where_it_says_nothing_and_in_short_where_it_says_much() -> (
    None
):
    assert str(TrainerThrew("a:b", "RuntimeError", "")).endswith("failed with RuntimeError.")
    assert len(str(TrainerThrew("a:b", "ValueError", "no " * 1000))) < 400


def test_a_trainer_that_hangs_is_ended_with_all_that_it_started() -> None:
    with pytest.raises(OutOfTime, match=r"was ended: it took longer than the 0\.05 minutes"):
        made_by("hangs", at_most_s=3)

    assert processes_of("ours.trainers:hangs") == []


def processes_of(trainer: str) -> list[str]:
    """Name the processes of this machine that run a trainer."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            command = (place / "cmdline").read_text()
            if trainer in command:
                found.append(command)
    return found


def test_a_process_that_ends_without_an_answer_is_told() -> None:
    with pytest.raises(TrainerDied, match="ended its process without an answer, with the exit cod"):
        made_by("leaves")

    assert str(TrainerDied("a:b", -9)).endswith("by the signal 9, for want of memory perhaps.")


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("returns_none", "a NoneType has no `predict_proba`"),
        ("unfitted", "the Pipeline is not fitted"),
        ("of_numbers", "a LinearRegression has no `predict_proba`"),
        ("of_other_columns", "it cannot predict the rows that it was fitted on (ValueError)"),
        ("of_other_labels", "its classes are not those of the labels"),
    ],
)
def test_nonsense_is_told_apart(function: str, why: str) -> None:
    made = made_here(function)

    assert why_it_cannot_serve(made, *some_rows(), of_numbers=False) == why


def test_for_a_number_an_estimator_has_to_predict_one_for_each_row() -> None:
    features, labels = some_rows()
    rows = features[["distance"]].fillna(0)
    made = made_here("of_numbers")

    assert why_it_cannot_serve(made, rows, labels, of_numbers=True) is None
    two = made.fit(rows, np.stack([labels, labels], axis=1))
    assert why_it_cannot_serve(two, rows, labels, of_numbers=True) == (
        "it should predict 100 numbers for as many rows"
    )


def test_a_type_of_the_teams_own_is_refused_by_name_since_nothing_would_load_it() -> None:
    with pytest.raises(NotAllowed, match=r"types that are not allowed: ours\.trainers\.Hopeful"):
        made_by("own_type")


@pytest.mark.parametrize(
    "trainer", ["nobody:train", "ours.nowhere:train", "ours.trainers.a:train", "__main__:train"]
)
def test_a_module_that_python_does_not_find_is_named(trainer: str) -> None:
    with pytest.raises(NoSuchTrainer, match=f"Python finds no module `{trainer[:-6]}`"):
        find_trainer(trainer)


def test_a_module_without_source_is_no_trainer() -> None:
    with pytest.raises(NoSuchTrainer, match="no source of the module `sys`"):
        find_trainer("sys:exit")


def test_a_function_that_is_not_there_is_named() -> None:
    with pytest.raises(NoSuchTrainer, match=r"Python finds no function `not_callable` in `ours.tr"):
        made_by("not_callable")


def test_another_line_in_any_file_of_its_package_is_another_trainer(module: Path) -> None:
    before = find_trainer("ours.trainers:shallow").source_hash
    assert find_trainer("ours.trainers:throws").source_hash == before

    (module.parent / "features.py").write_text("MOST = 3\n")

    assert find_trainer("ours.trainers:shallow").source_hash != before


def test_a_module_in_no_package_is_known_by_its_own_source(tmp_path: Path) -> None:
    (tmp_path / "alone.py").write_text("def train(): ...\n")
    before = find_trainer("alone:train").source_hash

    (tmp_path / "alone.py").write_text("def train(): pass\n")

    assert find_trainer("alone:train").source_hash != before


def test_to_find_a_trainer_runs_none_of_it(module: Path) -> None:
    module.write_text("raise SystemExit")

    found = find_trainer("ours.trainers:train")

    with pytest.raises(TrainerFailed):
        found.fit(*some_rows(), {}, 7, 60)


def test_an_estimator_that_is_no_pipeline_is_made_one() -> None:
    features, labels = some_rows()
    made = made_here("shallow")

    assert as_pipeline(made) is made
    wrapped = as_pipeline(made[-1].fit(features[["distance"]].fillna(0), labels))
    assert wrapped.predict_proba(features[["distance"]].fillna(0)).shape == (200, 2)
