"""Which days a story replays, and by which config."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.domain.model_config import ModelConfig
from core.domain.partition import starts_at
from infra.local.config_file import read_config

CONFIG: Final = Path(__file__).parents[2] / "models" / "flights.yaml"
LABELS_LAND_AT: Final = timedelta(hours=5)


@dataclass(frozen=True)
class Season:
    """The days of one story, and what is in force when it begins."""

    config: ModelConfig
    first_day: str
    """The oldest day of the past, which is there when the story begins."""
    first_watched: str
    last_watched: str

    @property
    def opening(self) -> datetime:
        """Say when the story begins: the past has landed, and the first watched day has not."""
        return starts_at(self.first_watched) + LABELS_LAND_AT

    @property
    def days(self) -> int:
        """Count its days, those of the past included."""
        return (starts_at(self.last_watched) - starts_at(self.first_day)).days + 1


FEBRUARY: Final = Season(
    config=read_config(CONFIG),
    first_day="2013-01-01",
    first_watched="2013-01-29",
    last_watched="2013-02-28",
)
"""The season of the first story: the blizzard, an error, a promotion and a rollback."""
