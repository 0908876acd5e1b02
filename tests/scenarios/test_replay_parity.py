"""What a version scored comes out the same on the path of training, or it is not promoted."""

from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest

from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig
from core.domain.parity import Parity
from core.domain.scored import Scored
from core.domain.stage_refusals import PathsDiffer
from core.flows.promote import promote
from core.ports import Objects
from functions.data.feature_rows import landed_features
from functions.data.partition_rows import PartitionRows
from functions.flows.predict_in_shadow import predict_in_shadow
from functions.flows.score import score
from functions.flows.scoring.replay_parity import replay_parity
from tests.builders import ADA
from tests.staged import passes_its_gate
from tests.trained import promoted, trained
from tests.watched_model import ROWS, WatchedModel, some_flights

DAY, NEXT = "2013-01-13", "2013-01-14"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """A model with a champion and a challenger."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    for estimator in ("LogisticRegression", "HistGradientBoostingClassifier"):
        trained(watched, estimator=estimator)
    return watched


def parity(watched: WatchedModel) -> Parity | None:
    return watched.ports.records.get(Parity, Parity.id_of("flights", watched.challenger()))


def in_kilometres(config: ModelConfig, partition: str, objects: Objects) -> PartitionRows | None:
    """Read a partition as a training would whose distances are in another unit."""
    rows = landed_features(config, partition, objects)
    if rows is None:
        return None
    place = rows.table.schema.get_field_index("distance")
    longer = pc.multiply(rows.table.column("distance"), 1.609)
    return replace(rows, table=rows.table.set_column(place, "distance", longer))


def replayed(watched: WatchedModel, scored: Scored, day: str = DAY) -> Parity | None:
    rows = landed_features(watched.config, day, watched.ports.objects)
    assert rows is not None
    version = watched.challenger()
    return replay_parity(watched.config, version, scored, rows, watched.ports, path=in_kilometres)


def scored_without_replay(watched: WatchedModel) -> Scored:
    """Let a day be scored by a run that ends before its replay is written down."""
    watched.lands(DAY)
    score("flights", DAY, watched.ports)
    with pytest.raises(Exception, match="The store went away"):
        predict_in_shadow("flights", DAY, watched.while_none_is_stored(Parity))
    scored = watched.ports.records.get(Scored, Scored.id_of("flights", DAY))
    assert scored is not None
    return scored


def test_the_first_partition_of_a_challenger_comes_out_the_same(watched: WatchedModel) -> None:
    watched.lands_and_is_scored(DAY, some_flights(DAY).sample(frac=1, random_state=1))

    found = parity(watched)

    assert found is not None
    assert (found.partition, found.rows, found.differing, found.columns) == (DAY, ROWS, 0, ())
    assert watched.alerts() == []


def test_it_is_replayed_once(watched: WatchedModel) -> None:
    watched.lands_and_is_scored(DAY)
    first = parity(watched)

    watched.lands_and_is_scored(NEXT)

    assert parity(watched) == first


def test_a_training_that_reads_otherwise_is_found_told_and_blocks_the_promotion(
    watched: WatchedModel,
) -> None:
    scored = scored_without_replay(watched)

    found = replayed(watched, scored)

    assert found is not None
    assert (found.differing, found.columns) == (ROWS, ("distance",))
    [alert] = watched.alerts()
    assert alert.rule == "parity"
    assert "40 of 40 rows of 2013-01-13 come out otherwise" in alert.evidence.summary
    seen = watched.serving().champion
    passes_its_gate(watched.challenger(), watched.ports)
    with pytest.raises(PathsDiffer, match="`distance` differ"):
        promote("flights", watched.challenger(), seen_champion=seen, by=ADA, ports=watched.ports)
    assert watched.serving().champion == seen


def test_a_partition_that_was_changed_after_it_was_scored_is_no_difference_of_paths(
    watched: WatchedModel,
) -> None:
    scored = scored_without_replay(watched)
    watched.lands(DAY, some_flights(DAY).assign(distance=5.0))

    assert replayed(watched, scored) is None
    assert watched.alerts() == []


def test_a_version_that_was_replayed_well_can_be_promoted(watched: WatchedModel) -> None:
    version = watched.challenger()
    watched.lands_and_is_scored(DAY)

    promoted(watched, version)

    assert watched.serving().champion == version


def test_predictions_that_differ_on_the_same_features_are_said_to() -> None:
    parity = Parity(
        id="par_a",
        model="flights",
        version=VersionId("ver_a"),
        partition=DAY,
        rows=40,
        differing=1,
        replayed_at="2013-01-14T00:00:00Z",
    )

    assert parity.sentence == (
        "1 of 40 rows of 2013-01-13 come out otherwise when they are read as a training reads "
        "them, though its features are the same."
    )
