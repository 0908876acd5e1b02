import json
from pathlib import Path

import pandas as pd
import pytest

from core.domain.alert import Disposition
from core.domain.contract import Contract, Promise
from core.domain.partition import days_before
from core.domain.partition_check import PartitionCheck
from core.domain.verdict import ErrorClass
from core.flows.contract_overview import contract_overview
from core.flows.resolve import resolve
from core.wiring import use
from functions.flows.backfill import backfill, compared_with, past_of
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.resolve_past import NotLeftOut, resolve_past
from infra.local.backtesting import tell_backtest
from infra.local.contract_text import contract_text
from tests.builders import ADA, a_config
from tests.checked_model import check_of, checked, flights, reference_at, watch_of
from tests.terminal import ran
from tests.watched_model import FIRST_DAY, WatchedModel

DAYS, WINDOW = 24, 20
SPOILED, HALF_MISSING = 6, 13
"""Days of the window on which a fifth of the distances is a placeholder, and half are missing."""
ERROR = "`distance`: 20 % negative, never before"
CONFIG = a_config(training={**a_config().training.model_dump(), "window_days": WINDOW})


def day(ahead: int) -> str:
    return days_before(FIRST_DAY, -ahead)


NAMES = [day(ahead) for ahead in range(DAYS)]
NEXT = day(DAYS)


def spoiled(name: str) -> pd.DataFrame:
    frame = flights(name)
    return frame.assign(distance=frame["distance"].mask(frame.index < len(frame) // 5, -1.0))


def half_missing(name: str) -> pd.DataFrame:
    frame = flights(name)
    return frame.assign(distance=frame["distance"].mask(frame.index % 2 == 0))


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a past of which two days are spoiled; nothing was checked or learned."""
    watched = WatchedModel(tmp_path, CONFIG)
    for ahead, name in enumerate(NAMES):
        frame = spoiled(name) if ahead == SPOILED else flights(name)
        watched.lands(name, half_missing(name) if ahead == HALF_MISSING else frame)
    use(watched.ports)
    return watched


def history(watched: WatchedModel) -> tuple[str, ...]:
    return reference_at(watch_of(watched).reference_key or "", watched).partitions


def filled(watched: WatchedModel) -> list[str]:
    names = past_of(watched.config, watched.ports)
    return [one.partition for one in backfill(watched.config, names, watched.ports)]


GOOD = tuple(name for at, name in enumerate(NAMES) if at not in {SPOILED, HALF_MISSING})


def test_a_person_is_told_what_was_left_out_and_takes_one_day_back_in(
    watched: WatchedModel, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(monkeypatch, "backfill", "flights")
    _, errors, *_ = capsys.readouterr().out.splitlines()
    ran(monkeypatch, "resolve", "flights", day(SPOILED), "--as", "expected change")
    resolved = capsys.readouterr().out
    ran(monkeypatch, "contract", "flights")
    contract = capsys.readouterr().out
    ran(monkeypatch, "model", "flights")
    model = capsys.readouterr().out

    sentences = (
        f"{day(SPOILED)} ({ERROR}), {day(HALF_MISSING)} (`distance`: 50 % missing, never before);"
    )
    assert errors == f"2 stay out of the history, as errors: {sentences}"
    assert resolved == (f"{day(SPOILED)} of `flights` is resolved as expected change: {ERROR}\n")
    assert "Left out of what is learned, as errors" in contract
    assert f"  {day(HALF_MISSING)}  `distance`: 50 % missing, never before\n" in contract
    assert "never before; resolved as expected change by command-line" in contract
    assert f"Left out      {day(HALF_MISSING)}: errors" in model
    assert compared_with(CONFIG, watched.ports) == len(GOOD) + 1


def test_the_same_error_is_found_when_it_comes_again(watched: WatchedModel) -> None:
    filled(watched)

    checked(watched, spoiled(NEXT), NEXT)

    assert history(watched) == GOOD
    assert check_of(watched, NEXT).verdict.error_class is ErrorClass.HARD
    assert check_of(watched, NEXT).verdict.sentence == ERROR


def test_each_day_is_told_once_and_not_looked_at_again(watched: WatchedModel) -> None:
    assert sorted(filled(watched)) == NAMES
    assert not filled(watched)


def test_the_contract_promises_what_the_good_days_kept(watched: WatchedModel) -> None:
    filled(watched)

    contract = watched.ports.records.get(Contract, "flights")
    assert contract is not None
    assert {("distance", Promise.NOT_NEGATIVE), ("distance", Promise.FILLED)} <= set(
        contract.promises()
    )


def test_a_training_leaves_them_out_as_well(watched: WatchedModel) -> None:
    learn_reference(CONFIG, NAMES[:WINDOW], watched.ports)

    assert history(watched) == tuple(n for n in GOOD if n in NAMES[:WINDOW])
    assert check_of(watched, day(SPOILED)).is_error_of_past


def test_what_a_person_let_pass_is_learned_from(watched: WatchedModel) -> None:
    learn_reference(CONFIG, [*NAMES[:SPOILED], *GOOD[SPOILED:12]], watched.ports)
    checked(watched, spoiled(day(SPOILED)), day(SPOILED))
    [alert] = watched.alerts()
    resolve(alert.id, Disposition.EXPECTED_CHANGE, by=ADA, ports=watched.ports)
    watched.apply(CONFIG.model_copy(update={"columns": {"distance": CONFIG.columns["distance"]}}))

    learn_reference(watched.config, NAMES[:WINDOW], watched.ports)

    assert day(SPOILED) in history(watched)
    assert day(HALF_MISSING) not in history(watched)


@pytest.mark.parametrize(
    ("disposition", "is_learned"), [(Disposition.NOISE, True), (Disposition.DATA_BUG, False)]
)
def test_a_later_learning_goes_by_what_a_person_called_it(
    watched: WatchedModel, disposition: Disposition, *, is_learned: bool
) -> None:
    filled(watched)
    resolve_past("flights", day(SPOILED), disposition, ADA, watched.ports)

    learn_reference(CONFIG, NAMES, watched.ports)

    assert (day(SPOILED) in history(watched)) is is_learned
    promises = contract_overview("flights", watched.ports).learned
    assert promises is not None
    may_be_negative = ("distance", Promise.NOT_NEGATIVE) not in set(promises.promises())
    assert may_be_negative is is_learned


def test_what_a_person_said_outlives_another_config(watched: WatchedModel) -> None:
    filled(watched)
    resolve_past("flights", day(SPOILED), Disposition.NOISE, ADA, watched.ports)
    resolve_past("flights", day(HALF_MISSING), Disposition.DATA_BUG, ADA, watched.ports)
    watched.apply(CONFIG.model_copy(update={"columns": {"distance": CONFIG.columns["distance"]}}))

    filled(watched)

    assert day(SPOILED) in history(watched)
    assert day(HALF_MISSING) not in history(watched)


def test_the_contract_says_why_it_promises_less(watched: WatchedModel) -> None:
    filled(watched)
    resolve_past("flights", day(SPOILED), Disposition.EXPECTED_CHANGE, ADA, watched.ports)

    learn_reference(CONFIG, NAMES, watched.ports)

    said = "\n".join(contract_text(contract_overview("flights", watched.ports)))
    because = f"the error of {day(SPOILED)} was resolved as expected change"
    assert f"`distance` may be negative: {because}" in said


def test_what_was_not_left_out_cannot_be_resolved(watched: WatchedModel) -> None:
    filled(watched)

    with pytest.raises(NotLeftOut, match="was not left out of what is learned"):
        resolve_past("flights", day(0), Disposition.NOISE, ADA, watched.ports)


def test_data_that_was_mended_is_checked_and_trusted(watched: WatchedModel) -> None:
    filled(watched)

    checked(watched, flights(day(SPOILED), rows=210), day(SPOILED))

    check = watched.ports.records.get(PartitionCheck, check_of(watched, day(SPOILED)).id)
    assert check is not None
    assert not check.is_of_past
    assert compared_with(CONFIG, watched.ports) == len(GOOD) + 1


def test_a_backtest_says_what_it_does_not_learn_from(watched: WatchedModel) -> None:
    folder = watched.folder / "objects" / "flights" / "features"
    watched.lands(NEXT, spoiled(NEXT))
    said, lines = list[str](), list[str]()

    tell_backtest(CONFIG, folder, said.append, as_json=False)
    tell_backtest(CONFIG, folder, lines.append, as_json=True)

    assert said[:2] == [
        f"{day(SPOILED)}  left out of what is learned: {ERROR}",
        f"{day(HALF_MISSING)}  left out of what is learned: `distance`: 50 % missing, never before",
    ]
    assert said[2].startswith(f"{NEXT}  hard   {ERROR}")
    assert said[3].startswith("With this config you would have had 1 alert in 5 partitions")
    assert [json.loads(line)["is_left_out"] for line in lines] == [True] * 2 + [False] * 5
