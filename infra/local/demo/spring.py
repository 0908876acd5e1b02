"""The season of the story about models: its days, its configs, and what it makes wrong itself."""

from collections.abc import Mapping
from typing import Any, Final

from core.domain.model_config import ModelConfig
from infra.local.config_file import read_config
from infra.local.demo.season import CONFIG, Season

_OVER_FITTED: Final[dict[str, Any]] = {
    "parameters": {"max_iter": 300, "learning_rate": 0.3, "max_leaf_nodes": 63},
    "window_days": 28,
    "every_days": 180,  # no cadence while the story plays: each training in it has its reason
}
_SLOWER: Final[dict[str, Any]] = {
    "parameters": {
        "max_iter": 100,
        "learning_rate": 0.03,
        "max_leaf_nodes": 8,
        "min_samples_leaf": 200,
        "l2_regularization": 5.0,
    },
    "window_days": 49,
}
_HARDLY: Final[dict[str, Any]] = {"parameters": _SLOWER["parameters"] | {"l2_regularization": 6.0}}

# What changes nothing is no worse by any margin, so whichever of two claims is shown first decides:
# that it loses less than `margin` (a refresh), or that it gains less than `least_gain` (futile).
# Here a promotion has to bring something, so the margin is the smaller one by far.
_STAGES: Final[dict[str, Any]] = {
    "canary_shares": [0.2],
    "margin": 0.0005,
    "least_gain": 0.002,
}
_PERSON: Final[dict[str, Any]] = {"promotion_needs_second_person": True}

FLIPPED_SHARE: Final = 0.4


def _changed(config: ModelConfig, **sections: Mapping[str, Any]) -> ModelConfig:
    """Return the config with some keys of its sections changed, checked as a file would be."""
    stated = config.model_dump(mode="json")
    for section, changes in sections.items():
        stated[section] = stated[section] | changes
    return ModelConfig.model_validate(stated)


OVER_FITTED: Final = _changed(
    read_config(CONFIG), training=_OVER_FITTED, stages=_STAGES, access=_PERSON
)
"""Learns its four weeks by heart."""
SLOWER: Final = _changed(OVER_FITTED, training=_SLOWER)
"""Learns slowly, in small steps, from seven weeks."""
HARDLY_OTHER: Final = _changed(SLOWER, training=_HARDLY)
"""The same but for one parameter, which does not matter."""

SPRING: Final = Season(
    config=OVER_FITTED,
    first_day="2013-02-05",
    first_watched="2013-03-26",
    last_watched="2013-06-30",
)
