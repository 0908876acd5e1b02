import json
from pathlib import Path

import pytest

from core.domain.partition import days_before
from functions.flows.backtest import TooShort
from infra.local.backtesting import tell_backtest
from tests.builders import a_config
from tests.checked_model import flights
from tests.watched_model import FIRST_DAY, parquet_of

CONFIG = a_config(training={**a_config().training.model_dump(), "window_days": 14})


def day(ahead: int) -> str:
    return days_before(FIRST_DAY, -ahead)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twenty days; on the 17th distances are in metres, on the 18th a column is missing."""
    for ahead in range(20):
        frame = flights(day(ahead))
        if ahead == 16:
            frame = frame.assign(distance=frame["distance"] * 1609)
        if ahead == 17:
            frame = frame.drop(columns="distance")
        put(tmp_path / "features", day(ahead), parquet_of(frame))
    return tmp_path / "features"


def put(folder: Path, name: str, body: bytes) -> None:
    place = folder / f"dt={name}"
    place.mkdir(parents=True)
    (place / "part-0.parquet").write_bytes(body)


def test_each_alert_is_told_and_their_number(folder: Path) -> None:
    said: list[str] = []

    tell_backtest(CONFIG, folder, said.append, as_json=False)

    assert [line.split()[0] for line in said[:-1]] == [day(16), day(17)]
    assert said[1].endswith("`distance` is missing")
    assert said[-1].startswith("With this config you would have had 2 alerts in 6 partitions")


def test_programs_get_one_object_for_each_partition(folder: Path) -> None:
    said: list[str] = []

    tell_backtest(CONFIG, folder, said.append, as_json=True)

    told = [json.loads(line) for line in said]
    assert [one["partition"] for one in told] == [day(ahead) for ahead in range(14, 20)]
    assert [one["severity"] != "ok" for one in told] == [False, False, True, True, False, False]


def test_what_moved_for_good_alerts_until_it_is_adopted(tmp_path: Path) -> None:
    for ahead in range(30):
        frame = flights(day(ahead))
        if ahead >= 16:
            frame = frame.assign(distance=frame["distance"] * 1.6)
        put(tmp_path / "features", day(ahead), parquet_of(frame))
    said: list[str] = []

    tell_backtest(CONFIG, tmp_path / "features", said.append, as_json=False)

    alerted = [line.split()[0] for line in said[:-1]]
    assert day(16) in alerted
    assert day(29) not in alerted


def test_too_few_partitions_are_refused_with_both_numbers(folder: Path) -> None:
    long = a_config(training={**CONFIG.training.model_dump(), "window_days": 60})

    with pytest.raises(TooShort, match="20 partitions, but 60 are learned from"):
        tell_backtest(long, folder, print, as_json=True)
