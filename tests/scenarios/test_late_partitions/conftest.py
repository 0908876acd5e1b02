from collections.abc import Iterator

import pytest

from core.config import OneBoxSettings, Settings
from core.domain.partition import days_before
from core.wiring import use
from infra.local.one_box import OneBox
from tests.scenarios.scene import Scene
from tests.scenarios.test_late_partitions.boxes import A, Box, came_at_six


@pytest.fixture
def box(scene: Scene) -> Iterator[Box]:
    place = Settings.read({"WATCHKEEPER_FOLDER": str(scene.folder)}).place
    assert isinstance(place, OneBoxSettings)
    use(scene.ports)
    with OneBox(place, scene.ports) as box:
        yield Box(scene, box)


@pytest.fixture
def daily(box: Box) -> Box:
    """A model whose partitions came every day at six for four weeks."""
    box.scene.store(came_at_six([days_before(A, back) for back in range(1, 29)]))
    return box
