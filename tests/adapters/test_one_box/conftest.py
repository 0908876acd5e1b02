from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.one_box import OneBox
from tests.adapters.test_one_box.boxed import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@pytest.fixture
def box(scene: Scene) -> Iterator[OneBox]:
    with scene.box() as box:
        yield box
