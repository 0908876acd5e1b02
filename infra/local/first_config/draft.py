"""A first config as it is proposed: every choice, and what only a person can decide."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Final

from core.domain.partition import starts_at
from infra.local.first_config.columns import ColumnSeen
from infra.local.first_config.goals import Goal, goal
from infra.local.first_config.place import MOST_OBJECTS, Place
from infra.local.first_config.rules import (
    LeftOut,
    Watched,
    columns_of_classes,
    is_called_a_key,
    judged,
    key_candidates,
    number_candidates,
    score_candidates,
    time_candidates,
)
from infra.local.first_config.sensitive import why_sensitive
from infra.local.first_config.sides import Looked, Sides
from infra.local.first_config.why_not import why_no_key, why_no_target, why_no_time

ABOUT: Final = "What does it predict, and for whom?"
OWNER: Final = "U0DECIDE"
CHANNEL: Final = "C0DECIDE"
NO_COLUMN: Final = "DECIDE_COLUMN"
_KEY, _TIME, _TARGET, _SCORE = "DECIDE_KEY", "DECIDE_TIME", "DECIDE_TARGET", "DECIDE_SCORE"
# They stand where a column's name is missing: such a config is valid, and plainly not finished.

_WINDOW_DAYS, _LEAST_WINDOW_DAYS = 28, 2
_MINIMUM_ROWS, _JUDGED_ROWS = 1000, 50  # the defaults of training and of alerts
_KINDS: Final = {"binary": "0/1", "multiclass": "class", "regression": "number"}
_NOT_IN_A_NAME: Final = re.compile(r"[^a-z0-9_-]+")
_LONGEST_NAME: Final = 40


@dataclass(frozen=True)
class Chosen:
    """A column that was chosen for something, and what else could have been."""

    column: str
    others: tuple[str, ...] = ()
    is_open: bool = False
    """No column was recognised: a placeholder stands there."""
    is_guess: bool = False
    """Its values fit, but nothing else speaks for it."""
    why_not: str | None = None
    """Why none was recognised; `None` where there is nothing to say of that."""

    @classmethod
    def of(
        cls,
        candidates: Sequence[str],
        placeholder: str,
        sure: Container[str],
        why_not: str | None = None,
    ) -> "Chosen":
        """Take the likeliest; it is a guess unless it is one of the sure ones."""
        if not candidates:
            return cls(placeholder, is_open=True, why_not=why_not)
        first, *others = candidates
        return cls(first, tuple(others), is_guess=first not in sure)


@dataclass(frozen=True)
class Draft:
    """What a first config will say."""

    model: str
    features: Looked
    labels: str
    """The prefix of labels; a guess where there are none."""
    has_labels: bool
    predictions: str | None
    key: Chosen
    event_time: Chosen
    target: Chosen
    goal: Goal
    """Of which kind the target is."""
    score: Chosen | None
    """`None` where nobody else predicts."""
    scores: tuple[str, ...]
    """Instead of `score`, one column for each class."""
    delay_days: int
    watched: list[Watched]
    left_out: list[LeftOut]
    sensitive: dict[str, str]
    """Columns of the config whose values nobody should read, and why."""
    window_days: int
    minimum_rows: int
    judged_rows: int
    unused: list[str] = field(default_factory=list)
    is_whole: bool = True
    """Whether all that lies there was listed."""
    move_to: str | None = None
    """Where partitions have to lie, if the folder's own name cannot stand in a config."""

    @property
    def is_trained_here(self) -> bool:
        """Whether there is all that a training needs, and nobody else predicts."""
        return self.has_labels and self.score is None and not self.target.is_open

    @property
    def validation_days(self) -> int:
        """The newest quarter of the window."""
        return max(self.window_days // 4, 1)


def draft(sides: Sides, place: Place) -> Draft:
    """Propose a config for what lies somewhere."""
    features, labels, predictions = sides.features, sides.labels, sides.predictions
    beside = [one.columns for one in (labels, predictions) if one is not None and one.columns]
    known = {column.name for columns in beside for column in columns}
    keys, times = key_candidates(features.columns, known), time_candidates(features.columns)
    key = Chosen.of(
        keys,
        _KEY,
        sure=known | {name for name in keys if is_called_a_key(name)},
        why_not=why_no_key(features.columns, [column for columns in beside for column in columns]),
    )
    event_time = Chosen.of(times, _TIME, sure=times, why_not=why_no_time(features.columns))
    label_columns = labels.columns if labels else []
    aim = goal(label_columns, features.columns)
    why_not = why_no_target(label_columns, features.columns)
    target = Chosen.of(aim.columns, _TARGET, sure=aim.columns, why_not=why_not)
    taken = {key.column, event_time.column, target.column}
    verdicts = [judged(c, len(features.read)) for c in features.columns if c.name not in taken]
    watched = [verdict for verdict in verdicts if isinstance(verdict, Watched)]
    inside = {*taken, *(one.column for one in watched)}
    return Draft(
        model=_model(features.prefix),
        features=features,
        labels=labels.prefix if labels else _prefix_of_labels(features, target),
        has_labels=labels is not None or not target.is_open,
        predictions=predictions.prefix if predictions else None,
        key=key,
        event_time=event_time,
        target=target,
        goal=aim,
        score=_score(predictions, aim) if predictions else None,
        scores=_scores(predictions, aim) if predictions else (),
        delay_days=_delay_days(features, labels),
        watched=watched,
        left_out=[verdict for verdict in verdicts if isinstance(verdict, LeftOut)],
        sensitive=_sensitive([*features.columns, *label_columns], inside),
        window_days=min(_WINDOW_DAYS, max(len(features.partitions) // 2, _LEAST_WINDOW_DAYS)),
        minimum_rows=max(10, min(_MINIMUM_ROWS, features.rows * 2)),
        judged_rows=max(2, min(_JUDGED_ROWS, features.rows // 2)),
        unused=sides.unused,
        is_whole=sides.is_whole,
        move_to=place.landing if place.is_renamed else None,
    )


def decisions(drafted: Draft) -> list[str]:
    """Say in plain lines what only a person can decide."""
    found = [
        "about: one sentence for whoever is on call: what it predicts, and for whom",
        f"owner: the Slack id of the one who answers for the model, in place of {OWNER}",
        f"channel: the Slack id of the channel that hears of alerts, in place of {CHANNEL}",
    ]
    aim = drafted.goal
    found += _which("data.key: which column names a row", drafted.key)
    found += _which("data.event_time: which column says when it takes place", drafted.event_time)
    if not drafted.has_labels:
        found.append("data.labels: where labels will land, for none lie there now")
    found += _which(f"target.column: which {_KINDS[aim.task]} column is predicted", drafted.target)
    if aim.classes:
        found.append(f"target.classes: whether there are more than these {len(aim.classes)}")
    if aim.between is not None:
        found.append("target.between: the smallest and largest that errors are measured in")
    found.append(
        f"target.delay_days: how many days after its partition a label comes; {drafted.delay_days} "
        "is a guess"
    )
    if drafted.scores and drafted.scores[0] == _SCORE:
        found.append("data.predictions.scores: which columns are the probabilities of the classes")
    elif drafted.score is not None and not drafted.scores:
        what = "prediction" if aim.task == "regression" else "probability"
        found += _which(f"data.predictions.score: which column is the {what}", drafted.score)
    if drafted.sensitive:
        names = ", ".join(drafted.sensitive)
        found.append(f"sensitive: whether more than {names} must not be read in Slack")
    if not drafted.watched:
        found.append("columns: which columns to watch, for none of them seems worth it")
    if drafted.move_to is not None:
        found.append(f"data: partitions have to lie under {drafted.move_to}/, by this name")
    return found


def remarks(drafted: Draft) -> list[str]:
    """Say what was seen that a person should know of, though nothing is to be decided."""
    found = [f"{name} is not used" for name in drafted.unused]
    if not drafted.features.rows:
        found.append("there is hardly a row in what was read, so all of this is a guess")
    unreadable = drafted.features.unreadable
    if unreadable:
        more = f" and {len(unreadable) - 1} more" if len(unreadable) > 1 else ""
        found.append(f"{unreadable[0]}{more} cannot be read as what its name says")
    if not drafted.is_whole:
        found.append(f"only the first {MOST_OBJECTS:,} objects were looked at")
    return found


def _which(what: str, chosen: Chosen) -> list[str]:
    """Ask only where it is open."""
    if chosen.is_open:
        why_not = f", for {chosen.why_not}" if chosen.why_not else ""
        return [f"{what}, in place of {chosen.column}: none was recognised{why_not}"]
    if chosen.others:
        return [f"{what}: {chosen.column}, or {', '.join(chosen.others)}"]
    return [f"{what}: {chosen.column} is a guess"] if chosen.is_guess else []


def _model(prefix: str) -> str:
    """Name a model by the folder around its features."""
    parts = prefix.split("/")
    named = parts[-2] if len(parts) > 1 else parts[0]
    plain = _NOT_IN_A_NAME.sub("-", named.lower()).strip("-_")
    return (plain if plain[:1].isalpha() else f"model-{plain}")[:_LONGEST_NAME].rstrip("-")


def _prefix_of_labels(features: Looked, target: Chosen) -> str:
    """Where labels lie: among the features if the target is there, or else beside them."""
    if not target.is_open:
        return features.prefix
    above, _, _ = features.prefix.rpartition("/")
    return f"{above or features.prefix}/labels"


def _score(predictions: Looked, aim: Goal) -> Chosen:
    candidates = number_candidates if aim.task == "regression" else score_candidates
    found = candidates(predictions.columns)
    return Chosen.of(found, _SCORE, sure=found)


def _scores(predictions: Looked, aim: Goal) -> tuple[str, ...]:
    found = columns_of_classes(predictions.columns, aim.classes)
    return tuple(found) or (_SCORE,) * len(aim.classes)


def _delay_days(features: Looked, labels: Looked | None) -> int:
    """Guess from how far labels reach; a day where that says nothing."""
    if labels is None:
        return 1
    newest, labelled = (starts_at(side.partitions[-1]) for side in (features, labels))
    return min(max((newest - labelled).days, 1), 365)


def _sensitive(columns: Sequence[ColumnSeen], inside: set[str]) -> dict[str, str]:
    whys = {column.name: why_sensitive(column) for column in columns if column.name in inside}
    return {name: why for name, why in whys.items() if why is not None}
