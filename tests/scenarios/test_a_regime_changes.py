from typing import Any

import pandas as pd
import pytest

from core.domain.alert import Alert, Disposition
from core.domain.continuation import Continuation
from core.domain.errors import Unavailable
from core.domain.partition import days_before
from core.domain.timeline import Line
from core.flows.resolve import resolve
from functions.flows.check_partition import check_partition
from functions.flows.checking.history import history_before, reference_in_use
from functions.flows.training.training_rows import training_rows
from tests.builders import ADA, CHANNEL
from tests.checked_model import DAY, check_of, checked, flights, learn, told, watch_of
from tests.scenarios.scene import Scene
from tests.watched_model import WatchedModel

DAYS = [days_before(DAY, -ahead) for ahead in range(8)]


@pytest.fixture
def known(scene: Scene) -> WatchedModel:
    """The model of the scene, whose first days are learned."""
    watched = WatchedModel(scene.folder)
    learn(watched)
    return watched


def moved(day: str, factor: float = 1.6) -> pd.DataFrame:
    return flights(day).assign(distance=lambda rows: rows["distance"] * factor)


def negative(day: str) -> pd.DataFrame:
    return flights(day).assign(distance=lambda rows: -rows["distance"])


def lands(watched: WatchedModel, scene: Scene, day: str, frame: pd.DataFrame) -> dict[str, Any]:
    answer = checked(watched, frame, day)
    scene.deliver()
    return answer


def about(watched: WatchedModel, day: str) -> Alert | None:
    return watched.ports.records.get(Alert, Alert.id_of("flights", day, "partition"))


def resolved(watched: WatchedModel, day: str, disposition: Disposition) -> None:
    resolve(Alert.id_of("flights", day, "partition"), disposition, by=ADA, ports=watched.ports)


def compared_with(watched: WatchedModel, day: str) -> tuple[str, ...]:
    in_use = reference_in_use(watch_of(watched).reference_key, watched.ports)
    assert in_use is not None
    return history_before("flights", day, in_use, watched.ports).partitions


def test_what_moved_for_good_is_one_message_until_it_is_adopted(
    known: WatchedModel, scene: Scene
) -> None:
    for day in DAYS:
        lands(known, scene, day, moved(day))

    [card] = scene.slack.messages(CHANNEL)
    [alert] = known.alerts()
    assert alert.partition == DAYS[0]
    assert DAYS[1] in alert.still_so
    assert f"Still so on {DAYS[1]}" in scene.words(card)
    assert scene.thread(card) == []
    assert check_of(known, DAYS[1]).verdict.is_broken
    assert not check_of(known, DAYS[-1]).verdict.is_broken
    assert DAYS[1] in compared_with(known, days_before(DAYS[-1], -1))


def test_its_timeline_says_what_was_seen_again(known: WatchedModel, scene: Scene) -> None:
    for day in DAYS[:2]:
        lands(known, scene, day, moved(day))

    [alert] = known.alerts()
    lines = known.ports.records.query(Line, f"timeline:{alert.id}")
    assert [line.what for line in lines][1:] == [f"saw it again on {DAYS[1]}"]


def test_a_day_in_between_that_just_passes_does_not_begin_a_new_story(
    known: WatchedModel, scene: Scene
) -> None:
    for day, frame in zip(DAYS, [moved(DAYS[0]), flights(DAYS[1]), moved(DAYS[2])], strict=False):
        lands(known, scene, day, frame)

    assert [alert.still_so for alert in known.alerts()] == [(DAYS[2],)]


@pytest.mark.parametrize(
    "news",
    [
        negative,
        lambda day: moved(day, 0.5),
        lambda day: moved(day).assign(carrier="AA"),
    ],
    ids=["a worse class", "the other way", "another column"],
)
def test_whatever_is_new_is_an_alert_of_its_own(
    known: WatchedModel,
    scene: Scene,
    news: Any,  # noqa: ANN401 - a function of a day
) -> None:
    lands(known, scene, DAYS[0], moved(DAYS[0]))

    lands(known, scene, DAYS[1], news(DAYS[1]))

    assert {alert.partition for alert in known.alerts()} == set(DAYS[:2])
    assert len(scene.slack.messages(CHANNEL)) == 2


def test_what_a_person_expected_is_adopted_at_once_with_all_that_was_folded(
    known: WatchedModel, scene: Scene
) -> None:
    for day in DAYS[:2]:
        lands(known, scene, day, moved(day))
    assert DAYS[0] not in compared_with(known, DAYS[2])

    resolved(known, DAYS[0], Disposition.EXPECTED_CHANGE)

    assert set(DAYS[:2]) <= set(compared_with(known, DAYS[2]))
    lands(known, scene, DAYS[2], moved(DAYS[2]))
    assert known.alerts() == []


def test_a_data_bug_stays_out_and_what_shows_it_later_stays_folded(
    known: WatchedModel, scene: Scene
) -> None:
    lands(known, scene, DAYS[0], moved(DAYS[0]))
    resolved(known, DAYS[0], Disposition.DATA_BUG)

    for day in DAYS[1:]:
        lands(known, scene, day, moved(day))

    assert known.alerts() == []
    assert len(scene.slack.messages(CHANNEL)) == 1
    assert not set(DAYS) & set(compared_with(known, days_before(DAYS[-1], -1)))
    for day in DAYS:
        known.labels_land(day)
    known.it_is(days_before(DAYS[-1], -2))
    assert set(training_rows(known.config, None, known.ports).left_out) == set(DAYS)


def test_a_folded_partition_that_is_mended_is_taken_out_again(
    known: WatchedModel, scene: Scene
) -> None:
    for day in DAYS[:2]:
        lands(known, scene, day, moved(day))

    lands(known, scene, DAYS[1], flights(DAYS[1]))

    [alert] = known.alerts()
    assert alert.still_so == ()
    assert known.ports.records.get(Continuation, Continuation.id_of("flights", DAYS[1])) is None


def test_a_folded_partition_that_gets_worse_has_its_own_alert(
    known: WatchedModel, scene: Scene
) -> None:
    for day in DAYS[:2]:
        lands(known, scene, day, moved(day))

    lands(known, scene, DAYS[1], negative(DAYS[1]))

    assert [alert.still_so for alert in known.alerts()] == [(), ()]
    assert about(known, DAYS[1]) is not None


def test_the_same_event_again_folds_once_also_when_the_alert_is_closed(
    known: WatchedModel, scene: Scene
) -> None:
    lands(known, scene, DAYS[0], moved(DAYS[0]))
    key = known.lands(DAYS[1], moved(DAYS[1]))
    told(known, key)
    [alert] = known.alerts()
    resolved(known, DAYS[0], Disposition.REAL_DRIFT)

    told(known, key)

    again = about(known, DAYS[0])
    assert again is not None
    assert again.still_so == alert.still_so == (DAYS[1],)
    assert known.alerts() == []


def test_a_crash_before_it_is_folded_is_healed_by_the_retry(known: WatchedModel) -> None:
    checked(known, moved(DAYS[0]), DAYS[0])
    known.lands(DAYS[1], moved(DAYS[1]))
    with pytest.raises(Unavailable):
        check_partition("flights", DAYS[1], known.while_none_is_stored(Continuation))

    check_partition("flights", DAYS[1], known.ports)

    assert [alert.still_so for alert in known.alerts()] == [(DAYS[1],)]
