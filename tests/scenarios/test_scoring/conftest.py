from pathlib import Path

import pytest

from tests.watched_model import WatchedModel


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model that has lived through twelve days."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    return watched
