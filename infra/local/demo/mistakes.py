"""What the story about models makes wrong itself, and corrects: labels that are turned round."""

from collections.abc import Mapping

from core.domain.partition import days_before
from infra.local.demo.spring import FLIPPED_SHARE, HARDLY_OTHER
from infra.local.demo.stage import Stage
from infra.local.flights import Day, flip


class Mistakes:
    """Lets the labels that a training would learn from land again."""

    def __init__(self, built: Mapping[str, Day]) -> None:
        self._built = built
        self._flipped: tuple[str, ...] = ()

    def flip(self, stage: Stage) -> tuple[str, ...]:
        """Turn round a share of the labels that the next training learns from, and name the days.

        Those of the newest days, by which it is judged, stay as they are.
        """
        training = HARDLY_OTHER.training
        today = f"{stage.clock.now():%Y-%m-%d}"
        newest = days_before(today, 1 + training.validation_days)
        learned = training.window_days - training.validation_days
        self._flipped = tuple(days_before(newest, learned - 1 - n) for n in range(learned))
        for name in self._flipped:
            day = self._built[name]
            stage.ports.objects.put(day.labels_key, flip(day.labels, FLIPPED_SHARE))
        stage.step()
        return self._flipped

    def correct(self, stage: Stage) -> None:
        """Let the labels land as they were."""
        for name in self._flipped:
            day = self._built[name]
            stage.ports.objects.put(day.labels_key, day.labels)
        stage.step()
