import re
from io import StringIO

import pytest
from rich.console import Console

from core.domain.errors import Unknown
from core.domain.partition import days_before
from core.domain.sensitivity import Injected, Sensitivity
from core.flows.overview import model_names
from functions.flows.checking.learn_reference import learn_reference
from functions.flows.measure_sensitivity import measure_sensitivity
from infra.local.model_screen import show_model
from tests.builders import ADA, CHANNEL, a_config
from tests.checked_model import DAY, LEARNED, flights, learn
from tests.scenarios.scene import Scene
from tests.watched_model import WatchedModel


@pytest.fixture
def watched(scene: Scene) -> WatchedModel:
    """The model of the scene, of which nothing is learned yet."""
    assert model_names(scene.ports) == ["flights"]
    return WatchedModel(scene.folder)


def kept(watched: WatchedModel) -> Sensitivity:
    known = watched.ports.records.get(Sensitivity, "flights")
    assert known is not None
    return known


def printed(watched: WatchedModel, width: int = 200) -> str:
    out = StringIO()
    show_model("flights", Console(file=out, width=width), watched.ports)
    return out.getvalue()


def asked_in_slack(scene: Scene) -> str:
    scene.slack.command("/watch", "model flights", user=ADA.id, channel=CHANNEL)
    return scene.words(scene.slack.whispers(ADA.id)[-1])


def test_the_command_line_measures_and_shows_it(watched: WatchedModel) -> None:
    learn(watched)

    words = printed(watched)

    assert "learned today, 14 trusted partitions" in words
    assert "about one false alarm in 100 partitions, over all columns" in words
    assert re.search(r"distance\W+\d\.\d %", words)
    assert "caught in each of 10 trusted partitions" in words


def test_a_narrow_terminal_folds_names_and_numbers_and_cuts_none_off(watched: WatchedModel) -> None:
    learn(watched)

    assert "\N{HORIZONTAL ELLIPSIS}" not in printed(watched, width=40)


def test_in_slack_it_is_shown_as_it_was_measured_last(watched: WatchedModel, scene: Scene) -> None:
    learn(watched)
    assert "The next training measures how small an error is seen." in asked_in_slack(scene)
    measure_sensitivity("flights", watched.ports)

    words = asked_in_slack(scene)

    assert re.search(r"`distance`: \d\.\d % nulls, ", words)
    assert "*Last check:* nothing was checked yet" in words
    assert "Measured" not in words
    watched.apply(a_config(about="Will it be very late?"))
    assert "Measured" in asked_in_slack(scene)


def test_a_training_measures_it_anew(watched: WatchedModel) -> None:
    learn(watched)
    measure_sensitivity("flights", watched.ports)
    before = kept(watched)
    for day in [*LEARNED, DAY]:
        watched.lands(day, flights(day))
        watched.labels_land(day)
    watched.it_is(days_before(DAY, -2))
    event = {"model": "flights", "reason": "cadence", "asked_by": "watchkeeper"}

    assert watched.call("retrain", event)["decision"] == "trained"

    assert kept(watched).measured_at == watched.now > before.measured_at


def test_what_is_measured_is_kept_while_it_is_true(watched: WatchedModel) -> None:
    learn(watched)
    measure_sensitivity("flights", watched.ports)
    first = kept(watched)
    watched.it_is(DAY)

    assert measure_sensitivity("flights", watched.ports) == first
    watched.lands(DAY, flights(DAY))
    learn_reference(watched.config, [*LEARNED, DAY], watched.ports)
    again = measure_sensitivity("flights", watched.ports)

    assert again is not None
    assert (again.history, again.measured_at) == (15, watched.now)


def test_with_too_few_partitions_it_says_so(watched: WatchedModel, scene: Scene) -> None:
    for day in LEARNED[:5]:
        watched.lands(day, flights(day))
    learn_reference(watched.config, LEARNED[:5], watched.ports)

    assert measure_sensitivity("flights", watched.ports) is not None

    assert "Too few partitions are trusted" in asked_in_slack(scene)
    assert "Too few partitions are trusted" in printed(watched)


def test_before_anything_is_learned_there_is_nothing_to_measure(watched: WatchedModel) -> None:
    assert measure_sensitivity("flights", watched.ports) is None
    assert "nothing was learned yet" in printed(watched)
    with pytest.raises(Unknown):
        measure_sensitivity("trains", watched.ports)


def test_no_value_of_a_sensitive_column_is_told(watched: WatchedModel, scene: Scene) -> None:
    watched.apply(a_config(sensitive=("carrier", "distance")))
    learn(watched)
    measure_sensitivity("flights", watched.ports)

    moved = {e.kind: e for of in kept(watched).columns for e in of.errors}[Injected.MOVED]

    assert moved.moved_by is None
    assert re.search(r"AA|B6|UA", asked_in_slack(scene) + kept(watched).model_dump_json()) is None
