from pathlib import Path

import pytest

from core.domain.failure import Filing
from infra.local.flagging import tell_flag
from tests.watched_model import WatchedModel


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    watched = WatchedModel(tmp_path)
    watched.lands("2013-01-10")
    return watched


@pytest.mark.parametrize(("day", "notes"), [("2013-01-10", 0), ("2031-01-10", 1)])
def test_a_day_of_which_nothing_lies_there_is_told(
    watched: WatchedModel, day: str, notes: int
) -> None:
    said: list[str] = []

    tell_flag("flights", Filing(partition=day, key="a", label="1"), watched.ports, said.append)

    assert said[0] == f"`a` of {day} is filed: later versions are judged by it."
    assert [line.startswith(f"Note: no features of {day} lie under") for line in said[1:]] == (
        [True] * notes
    )
