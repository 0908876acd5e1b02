from pathlib import Path

import pytest

from tests.scenarios.test_requests_are_booked.asking import trained
from tests.watched_model import WatchedModel


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion, on the day before the flights that are asked about."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched)
    return watched
