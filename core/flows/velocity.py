"""Read how fast a team is with one model: seven listings, however much there is in them."""

from core.domain.alert import Alert
from core.domain.challenge import Challenge
from core.domain.idea import Idea
from core.domain.model_config import StoredConfig
from core.domain.served import Served
from core.domain.velocity import Velocity, velocity_of
from core.domain.version import Version
from core.ports import Ports

_MOST = 200  # of each kind, the newest
_MOST_ALERTS = 1000  # of all models


def velocity(model: str, ports: Ports) -> Velocity:
    """Add up what the newest records of a model say."""
    records = ports.records
    resolved = records.query(Alert, "alerts:resolved", newest_first=True, limit=_MOST_ALERTS)
    ideas = [
        *records.query(Idea, "ideas:open", newest_first=True, limit=_MOST),
        *records.query(Idea, f"ideas:{model}", newest_first=True, limit=_MOST),
    ]
    return velocity_of(
        ideas=[idea for idea in ideas if idea.model == model],
        configs=records.query(StoredConfig, f"configs:{model}", newest_first=True, limit=_MOST),
        versions=records.query(Version, f"versions:{model}", newest_first=True, limit=_MOST),
        challenges=records.query(Challenge, f"challenges:{model}", newest_first=True, limit=_MOST),
        alerts=[alert for alert in resolved if alert.model == model],
        served=records.query(Served, f"served:{model}", newest_first=True, limit=_MOST),
    )
