"""A request of rows over HTTP, and the answer to it."""

from datetime import UTC, datetime
from typing import Self

from pydantic import Field, JsonValue, ValidationError

from core.domain.base import Value
from core.domain.errors import Refusal
from core.domain.ids import VersionId
from core.domain.model_config import ModelName
from core.domain.partition import is_day
from core.domain.scored import Stage

MOST_ROWS = 1000
"""For more rows than these there are partitions."""


def partition_of(event_time: JsonValue, asked_at: datetime) -> str:
    """Name the partition that a requested row belongs to: its labels will land there.

    It is the UTC day of the row's event time, ISO 8601 and UTC where no offset is given; where the
    row has none that can be read so, the day on which it was asked for.

    >>> partition_of("2013-02-08T23:30:00-05:00", datetime(2013, 2, 1, tzinfo=UTC))
    '2013-02-09'
    """
    try:
        at = datetime.fromisoformat(event_time) if isinstance(event_time, str) else asked_at
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        at = asked_at
    name = f"{at.date()}"
    return name if is_day(name) else f"{asked_at.astimezone(UTC).date()}"


class WrongRequest(Refusal):
    """The body of a request is not what it should be."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f'The request is refused: {why}. It looks like {{"model": "flights", "rows": '
            '[{"flight_id": "a", "distance": 200}]}.'
        )


class NothingServes(Refusal):
    """The model has no version yet, or another system serves it."""

    def __init__(self, model: str) -> None:
        super().__init__(f"No version of `{model}` serves here.")
        self.model = model


class ScoreRequest(Value):
    """Rows that somebody wants predictions for, now."""

    model: ModelName
    rows: tuple[dict[str, JsonValue], ...] = Field(min_length=1, max_length=MOST_ROWS)
    """Each with the key of the config and the features, `null` for what is not known."""

    @classmethod
    def read(cls, body: bytes | str) -> Self:
        """Read a body of JSON.

        Raises:
            WrongRequest: it is something else.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            place = ".".join(str(part) for part in fault["loc"])
            raise WrongRequest(f"{place}: {fault['msg']}" if place else fault["msg"]) from None


class RowPrediction(Value):
    """What is served for one row."""

    row: int
    """Its place in the request, from 0."""
    id: str
    """Its key: with the request it names the prediction in the log."""
    partition: str
    """To which the row belongs, so that labels of it are looked for there."""
    score: float | None
    """`None` where an override filters it; of several classes, the probability of `decided`."""
    decided: str | None = None
    """The class, of a target with several; else `None`."""
    scores: tuple[float, ...] | None = None
    """What the model said of each class, of a target with several; else `None`."""
    version: VersionId
    stage: Stage
    overrides: tuple[str, ...] = ()
    """Those that changed it."""


class RowRefusal(Value):
    """Why one row has no prediction."""

    row: int
    why: str


class ScoreAnswer(Value):
    """What is answered."""

    request: str
    """Names the objects of the log."""
    model: str
    predictions: tuple[RowPrediction, ...]
    refused: tuple[RowRefusal, ...]
