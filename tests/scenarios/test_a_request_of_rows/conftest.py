from pathlib import Path

import pytest

from tests.trained import trained
from tests.watched_model import WatchedModel


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    trained(watched)
    return watched
