"""Review a training before anybody looks at its version: what a person would seldom see."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from core.domain.environment import OF_SCORING, Environment
from core.domain.model_config import ModelConfig
from core.domain.review import ReviewFinding
from core.domain.scored import Scored
from core.domain.serving import Serving
from core.domain.version import Version
from core.domain.wording import number, percent
from core.ports import Ports
from functions.data.logged_predictions import LoggedPredictions
from functions.data.provenance import environment
from functions.data.training_set import LabelledPartition, LabelledRows, TrainingSet
from functions.flows.training.review_rows import copies_across, dates_too_late
from functions.flows.training.review_sample import Sample, sample_of
from functions.ml.columns import select
from functions.ml.training.label_flips import flipped_days
from functions.ml.training.leakage import copies_of, leaks
from functions.ml.training.pipeline import Trainer, learn, predict
from functions.ml.training.prior_shift import prior_shift
from functions.ml.training.small_model import as_numbers, columns_of_target, out_of_time

MOST_ROWS: Final = 20_000
"""Of the rows to learn from, and of those to judge by, are looked at; copies aside."""
_TRAINED_TWICE: Final = 5_000  # rows
_SAME: Final = 1e-9
_MOST_OF_ONE: Final = 3  # findings of a kind: the worst ones say it all


def review_training(
    config: ModelConfig,
    rows: TrainingSet,
    pipeline: Pipeline,
    ports: Ports,
    trainer: Trainer | None = None,
) -> tuple[ReviewFinding, ...]:
    """Say what is suspicious in a training; nothing is the usual answer.

    Looks at 20,000 rows of each side of the cut in time, evenly from each partition, so that a
    million rows cost no more. Only the search for copied rows goes through all of them once.

    Args:
        config: what was trained.
        rows: what it learned from and will be judged by.
        pipeline: what came out.
        ports: the outside world.
        trainer: what it was trained by, instead of an estimator; `None` for an estimator.
    """
    learned = sample_of(rows.learning, config.columns, MOST_ROWS)
    judged = sample_of(rows.validation, config.columns, MOST_ROWS)
    found = (
        list(_leaks(config, learned)),
        list(_copies_of_predictions(config, rows, ports)),
        list(copies_across(config, rows)),
        list(dates_too_late(config, learned.then(judged))),
        list(_known_later(config, rows, ports)),
        list(_flips(config, learned.then(judged))),
        list(_prior(config, rows)),
        list(_seed(config, learned, pipeline, trainer)),
        list(_environment(config.model, ports)),
    )
    return tuple(finding for of_kind in found for finding in of_kind[:_MOST_OF_ONE])


def _leaks(config: ModelConfig, learned: Sample) -> Iterator[ReviewFinding]:
    seed = config.training.seed
    for leak in leaks(learned.features(), learned.truths, config.target, seed):
        if leak.is_copy:
            yield ReviewFinding.copy_of_target(leak.column)
        else:
            yield ReviewFinding.leak(leak.column, leak.alone, leak.rest)


def _copies_of_predictions(
    config: ModelConfig, rows: TrainingSet, ports: Ports
) -> Iterator[ReviewFinding]:
    """Compare the newest partition with what was served for it."""
    newest: LabelledPartition = rows.validation.partitions[-1]
    partition = newest.used.partition
    scored = ports.records.get(Scored, Scored.id_of(config.model, partition))
    if scored is None or config.target.task == "multiclass":
        return
    names = newest.features.column(config.data.key).cast("string").to_pylist()
    logged = LoggedPredictions.read(scored.served, ports.objects)
    served = logged.at(pd.Index(names, dtype="str"))
    is_known = ~np.isnan(served)
    features = select(newest.features, config.columns)[is_known]
    for column in copies_of(features, served[is_known]):
        yield ReviewFinding.copy_of_prediction(column, partition)


def _known_later(config: ModelConfig, rows: TrainingSet, ports: Ports) -> Iterator[ReviewFinding]:
    """Compare what was joined to rows with what was joined to the same rows to score them."""
    scored = grown = 0
    for one in (*rows.learning.partitions, *rows.validation.partitions):
        if one.joined is None:
            continue
        then = ports.records.get(Scored, Scored.id_of(config.model, one.used.partition))
        if then is not None and then.features_hash == one.joined.landed:
            scored += 1
            grown += then.joined != one.joined.added
    if grown:
        yield ReviewFinding.known_later(config.data.joined, grown, scored)


def _flips(config: ModelConfig, sample: Sample) -> Iterator[ReviewFinding]:
    """Look for days whose labels contradict those of all others; numbers cannot be turned round."""
    if config.target.task == "regression":
        return
    seed, wanted = config.training.seed, columns_of_target(config.target, sample.truths)
    said = out_of_time(as_numbers(sample.features()), wanted, sample.days, seed)
    scores, labels = said[:, 0], sample.truths
    if config.target.task == "multiclass":  # whether the likeliest class is right, surest first
        scores, labels = said.max(axis=1), (said.argmax(axis=1) == sample.truths).astype(np.float64)
    flips = flipped_days(scores, labels, sample.days, seed)
    if flips is not None:
        first, last = sample.partitions[flips.first], sample.partitions[flips.last]
        yield ReviewFinding.flips(flips.share, first, last)


def _prior(config: ModelConfig, rows: TrainingSet) -> Iterator[ReviewFinding]:
    target = config.target

    def by_day(side: LabelledRows) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
        truths = [np.asarray(one.labels, dtype=np.float64) for one in side.partitions]
        means = [columns_of_target(target, t).mean(axis=0) for t in truths if len(t)]
        return np.array(means).reshape(len(means), -1)

    is_number = target.task == "regression"
    scale = float(np.std(rows.learning.labels)) if is_number else 1.0
    shift = prior_shift(by_day(rows.learning), by_day(rows.validation), scale)
    if shift is None:
        return
    what = f"the share of `{target.classes[shift.place]}`" if target.classes else "the share of 1"
    what = f"the mean of `{target.column}`" if is_number else what
    shown = number if is_number else percent
    yield ReviewFinding.prior(what.capitalize(), shown(shift.learned), shown(shift.judged))


def _seed(
    config: ModelConfig, learned: Sample, pipeline: Pipeline, trainer: Trainer | None
) -> Iterator[ReviewFinding]:
    """Train twice on the same rows; of few rows once more, beside what they have trained."""
    step = max(learned.rows // _TRAINED_TWICE, 1)
    features, truths = learned.features().iloc[::step], learned.truths[::step]
    if not np.array_equal(np.unique(truths), np.unique(learned.truths)):
        features, truths = learned.features(), learned.truths

    def trained() -> Pipeline:
        learned_from = (config.training, config.columns, features, truths, config.target)
        return learn(*learned_from, trainer=trainer)

    once = pipeline if len(truths) == learned.of else trained()
    difference = float(np.max(np.abs(predict(once, features) - predict(trained(), features))))
    if difference > _SAME:
        yield ReviewFinding.seed(difference)


def _environment(model: str, ports: Ports) -> Iterator[ReviewFinding]:
    """Compare with what scoring said last; before it ever did, with what the champion had."""
    said = ports.records.get(Environment, OF_SCORING)
    serving = ports.records.get(Serving, model)
    champion = ports.records.get(Version, (serving and serving.champion) or "")
    known = said.libraries if said else champion.manifest.environment if champion else None
    finding = ReviewFinding.environment(environment(), known) if known else None
    if finding is not None:
        yield finding
