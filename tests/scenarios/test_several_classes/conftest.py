from pathlib import Path

import pytest

from tests.real_tables import trained
from tests.scenarios.test_several_classes.wines import DAY, LEARNED, WINE
from tests.watched_model import WatchedModel


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model whose first version has learned from eight days."""
    watched = WINE.watched(tmp_path)
    WINE.lands(watched, LEARNED)
    assert trained(watched)["decision"] == "trained"
    watched.it_is(DAY)
    return watched
