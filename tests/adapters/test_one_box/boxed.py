"""One box whose functions are the test's own, and a clock that stands until it is set."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.config import OneBoxSettings, Settings
from core.domain.job import Job
from core.domain.model_config import InForce, ModelConfig
from core.ports import Ports, new
from core.wiring import connect
from infra.local.one_box import OneBox
from tests.builders import NOON

Event = dict[str, Any]
Function = Callable[[Event], Any]


class Functions:
    """Stands in for the handlers: writes down each call, and answers as it is told."""

    def __init__(self) -> None:
        self.called: list[tuple[str, Event]] = []
        self.answers: dict[str, Function] = {}

    def __call__(self, name: str) -> Callable[[Event, Any], Any]:
        def handler(event: Event, context: Any) -> Any:  # noqa: ANN401 - as on Lambda
            assert context.function_name == name
            self.called.append((name, event))
            answer = self.answers.get(name)
            return answer(event) if answer else None

        return handler

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.called]


class Scene:
    """A folder, its ports and a clock that stands until it is set."""

    def __init__(self, folder: Path) -> None:
        self.now = NOON
        settings = Settings.read({"WATCHKEEPER_FOLDER": str(folder)})
        assert isinstance(settings.place, OneBoxSettings)
        self.place = settings.place
        self.ports: Ports = connect(settings, clock=lambda: self.now)
        self.functions = Functions()

    def box(self) -> OneBox:
        return OneBox(self.place, self.ports, self.functions, standing=())

    def later(self, minutes: float) -> datetime:
        self.now = NOON + timedelta(minutes=minutes)
        return self.now

    def watch(self, config: ModelConfig) -> None:
        self.ports.arrivals.watch(config.data.places)
        in_force = InForce(id=config.model, config=config, since=NOON)
        assert self.ports.records.commit(new(in_force))


def a_job(name: str = "j1", **changes: Any) -> Job:
    stated = {"function": "score", "event": {"name": name}, "id": name}
    return Job.model_validate(stated | changes)
