import pytest

from tests.builders import a_config, served_elsewhere
from tests.checked_model import LEARNED, flights
from tests.scenarios.scene import Scene
from tests.scenarios.test_a_contract_is_refitted.refitting import refit
from tests.watched_model import WatchedModel


@pytest.fixture
def watched(scene: Scene) -> WatchedModel:
    """A model of which two weeks are learned: no distance was ever missing."""
    stated = served_elsewhere().model_dump()
    training = stated["training"] | {"window_days": 60}
    model = WatchedModel(scene.folder, a_config(**stated | {"training": training}))
    for name in LEARNED:
        model.lands(name, flights(name))
    refit(model)
    return model
