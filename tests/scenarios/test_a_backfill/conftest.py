from pathlib import Path

import pytest

from tests.scenarios.test_a_backfill.past import DAYS, landed
from tests.watched_model import WatchedModel, day


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model that was applied to a month of partitions; nothing was checked or learned."""
    watched = WatchedModel(tmp_path)
    for ahead in range(DAYS):
        watched.puts(watched.config.data.features, day(ahead), landed(ahead))
    return watched
