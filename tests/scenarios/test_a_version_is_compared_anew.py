"""When the champion changes, what was compared with the old one is compared with the new one."""

from pathlib import Path

import pytest

from core.adapters.sqlite.jobs import SqliteJobs
from core.domain.challenge import Challenge
from core.domain.errors import Unknown
from core.domain.ids import VersionId
from core.domain.job import Job
from core.flows.promote import promote
from functions.flows.evaluate_again import evaluate_again
from tests.builders import ADA
from tests.staged import passes_its_gate
from tests.trained import promoted, trained
from tests.watched_model import WatchedModel

DAY = "2013-01-13"


@pytest.fixture
def watched(tmp_path: Path) -> WatchedModel:
    """Three versions: the second takes the place of the first while the third waits."""
    watched = WatchedModel(tmp_path)
    watched.lived_through(12)
    _, second, _ = (
        trained(watched, seed=seed, estimator="HistGradientBoostingClassifier") for seed in range(3)
    )
    promoted(watched, second)
    watched.lands(DAY)
    watched.labels_land(DAY)
    watched.it_is("2013-01-15")
    return watched


def evaluations(watched: WatchedModel) -> list[Job]:
    jobs = watched.ports.jobs
    assert isinstance(jobs, SqliteJobs)
    return [job for job in jobs.waiting() if "evaluate" in job.event]


def waiting(watched: WatchedModel) -> Challenge:
    version = watched.serving().challenger or VersionId("")
    challenge = watched.ports.records.get(Challenge, Challenge.id_of("flights", version))
    assert challenge is not None
    return challenge


def test_the_next_of_the_queue_is_compared_with_the_champion_of_now(watched: WatchedModel) -> None:
    [job] = evaluations(watched)
    assert waiting(watched).against != watched.serving().champion

    answer = watched.call("retrain", job.event)

    assert answer["decision"] == "evaluated"
    assert waiting(watched).against == watched.serving().champion
    assert DAY in waiting(watched).validated_on


def test_what_was_compared_anew_can_be_promoted(watched: WatchedModel) -> None:
    [job] = evaluations(watched)
    watched.call("retrain", job.event)
    third, seen = waiting(watched).version, watched.serving().champion
    passes_its_gate(third, watched.ports)

    promote("flights", third, seen_champion=seen, by=ADA, ports=watched.ports)

    assert watched.serving().champion == third


def test_a_comparison_that_says_nothing_new_is_told_once(watched: WatchedModel) -> None:
    version = waiting(watched).version
    evaluate_again("flights", version, "watchkeeper", watched.ports)
    before = waiting(watched)

    evaluate_again("flights", version, "watchkeeper", watched.ports)

    assert waiting(watched) == before


def test_a_champion_that_is_judged_again_keeps_what_its_card_says(watched: WatchedModel) -> None:
    champion = watched.serving().champion or VersionId("")
    card = watched.ports.records.get(Challenge, Challenge.id_of("flights", champion))

    done = evaluate_again("flights", champion, "watchkeeper", watched.ports)

    assert done.evaluation is not None
    assert watched.ports.records.get(Challenge, Challenge.id_of("flights", champion)) == card


def test_a_champion_that_cannot_be_loaded_is_still_what_would_be_replaced(
    watched: WatchedModel,
) -> None:
    third, champion = waiting(watched).version, watched.serving().champion or VersionId("")
    artefact = watched.version(champion).artefact
    (watched.folder / "objects" / artefact.key).unlink()

    done = evaluate_again("flights", third, "watchkeeper", watched.ports)

    assert done.evaluation is not None
    assert done.evaluation.champion is None
    assert (waiting(watched).against, waiting(watched).gain) == (champion, None)
    passes_its_gate(third, watched.ports)
    promote("flights", third, seen_champion=champion, by=ADA, ports=watched.ports)
    assert watched.serving().champion == third


def test_a_version_that_cannot_be_loaded_is_told_to_its_owner(watched: WatchedModel) -> None:
    version = watched.version(waiting(watched).version)
    (watched.folder / "objects" / version.artefact.key).unlink()

    done = evaluate_again("flights", version.id, "watchkeeper", watched.ports)

    assert done.decision == "bad data"
    [alert] = watched.alerts()
    assert alert.rule == "evaluate"


def test_a_version_that_nobody_knows_cannot_be_judged(watched: WatchedModel) -> None:
    with pytest.raises(Unknown, match="no version named `ver_z`"):
        evaluate_again("flights", VersionId("ver_z"), "watchkeeper", watched.ports)
