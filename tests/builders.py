"""Records with sensible contents; a test names only what it is about."""

from datetime import UTC, datetime
from typing import Any

from core.domain.alert import Alert, Evidence
from core.domain.challenge import Challenge, ChallengeState, Compared
from core.domain.constraint import Constraint
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.person import Person
from core.domain.verdict import Blame, ErrorClass, Severity

NOON = datetime(2013, 2, 8, 12, tzinfo=UTC)
ADA, GRACE = Person(id="U0ADA"), Person(id="U0GRACE")
CHANNEL = "C0MLALERTS"
APPROVERS = "S0APPROVERS"


def some_evidence(**changes: Any) -> Evidence:
    """Evidence of a hard error in one column."""
    stated = {
        "error_class": ErrorClass.HARD,
        "severity": Severity.PAGE,
        "summary": "`wind_speed` is never above 3, usually 0 to 40",
        "blamed": (
            Blame(
                column="wind_speed",
                score=4.0,
                error_class=ErrorClass.HARD,
                sentence="`wind_speed`: never above 3, usually 0 to 40",
            ),
        ),
        "affected": "912 flights of this day, scored by version 3fa2",
        "next_step": "Ask the owner of the weather feed whether the unit changed.",
        "fingerprint": "f1",
    }
    return Evidence.model_validate(stated | changes)


def an_alert(**changes: Any) -> Alert:
    """An alert about one day of flights."""
    partition = changes.get("partition", "2013-02-08")
    stated = {
        "id": Alert.id_of("flights", partition, "partition"),
        "model": "flights",
        "partition": partition,
        "rule": "partition",
        "channel": CHANNEL,
        "raised_at": NOON,
        "evidence": some_evidence(),
    }
    return Alert.model_validate(stated | changes)


def a_challenge(version: str = "ver_b", **changes: Any) -> Challenge:
    """A freshly trained version with a small gain over version `ver_a`."""
    stated = {
        "id": Challenge.id_of("flights", VersionId(version)),
        "model": "flights",
        "version": version,
        "against": "ver_a",
        "channel": CHANNEL,
        "asked_by": "watchkeeper",
        "reason": "cadence",
        "proposed_at": NOON,
        "trained_on": "2013-01-01 to 2013-01-21, 18,204 flights",
        "validated_on": "2013-01-22 to 2013-01-28, 6,180 flights",
        "compared": (Compared(metric="Brier score", version=0.14, champion=0.15),),
        "gain": (0.002, 0.01, 0.018),
        "state": ChallengeState.SHADOW,
    }
    return Challenge.model_validate(stated | changes)


def a_config(**changes: Any) -> ModelConfig:
    """The config of a model with two columns."""
    stated = {
        "model": "flights",
        "about": "Will it be late?",
        "owner": ADA.id,
        "channel": CHANNEL,
        "data": {
            "features": "flights/features",
            "labels": "flights/labels",
            "key": "flight_id",
            "event_time": "scheduled_departure",
        },
        "target": {"column": "late", "delay_days": 1},
        "columns": {"distance": {"type": "number"}, "carrier": {"type": "category"}},
        "training": {
            "estimator": "LogisticRegression",
            "window_days": 10,
            "validation_days": 3,
            "minimum_rows": 10,
        },
        "alerts": {"partitions_per_false_alarm": 100},
    }
    return ModelConfig.model_validate(stated | changes)


def served_elsewhere() -> ModelConfig:
    """The same model when another system makes its predictions."""
    predictions = {"prefix": "others/scores", "score": "probability"}
    data = a_config().data.model_dump() | {"predictions": predictions}
    return a_config(serving="elsewhere", data=data)


def a_rule(**changes: Any) -> Constraint:
    """A rule for distances, unless told otherwise."""
    stated = {
        "column": "distance",
        "owner": ADA.id,
        "reason": "no flight is longer",
        "expires": "2014-01-31",
    }
    rule = {} if set(changes) & set(Constraint.model_fields) - set(stated) else {"at_most": 6000}
    return Constraint.model_validate({**stated, **rule, **changes})
