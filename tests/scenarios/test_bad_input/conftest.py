import shutil
from pathlib import Path

import pytest

from tests.checked_model import learn
from tests.watched_model import WatchedModel


@pytest.fixture(scope="package")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model whose first days are learned; to be copied."""
    folder = tmp_path_factory.mktemp("learned")
    learn(WatchedModel(folder))
    return folder


@pytest.fixture
def known(learned: Path, tmp_path: Path) -> WatchedModel:
    """A model whose first days are learned."""
    shutil.copytree(learned, tmp_path, dirs_exist_ok=True)
    return WatchedModel(tmp_path)
