import pytest

from core.domain.model_config import Access
from tests.builders import ADA, GRACE, a_challenge, a_config
from tests.scenarios.scene import Scene


@pytest.fixture(autouse=True)
def champion(scene: Scene) -> None:
    scene.applied(a_config(access=Access(approvers=(ADA.id, GRACE.id)).model_dump()))
    scene.proposed(a_challenge("ver_a", against=None, gain=None))
