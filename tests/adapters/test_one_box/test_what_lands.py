"""What lands in the folder is work, once, for the models that watch it."""

from infra.local.one_box import OneBox
from tests.adapters.test_one_box.boxed import Scene
from tests.builders import NOON, a_config


def test_what_lay_there_before_the_model_was_watched_starts_nothing(
    scene: Scene, box: OneBox
) -> None:
    key = "flights/features/dt=2013-02-08/part-0.parquet"
    scene.ports.objects.put(key, b"history")
    scene.watch(a_config())

    box.step(NOON)
    scene.ports.objects.put(key, b"rewritten")
    box.step(NOON)

    assert scene.functions.names == ["check_partition", "score"]
    assert scene.functions.called[0][1]["detail"]["object"]["size"] == len(b"rewritten")


def test_what_lands_after_a_config_was_applied_is_work_even_if_no_box_ran_then(
    scene: Scene,
) -> None:
    scene.watch(a_config())
    scene.ports.objects.put("flights/features/dt=2013-02-08/part-0.parquet", b"new")

    with scene.box() as box:
        box.step(NOON)

    assert scene.functions.names == ["check_partition", "score"]


def test_a_second_model_on_the_same_data_makes_nothing_history_that_the_first_waits_for(
    scene: Scene, box: OneBox
) -> None:
    scene.watch(a_config())
    scene.ports.objects.put("flights/features/dt=2013-02-08/part-0.parquet", b"new")
    scene.watch(a_config(model="delays"))

    box.step(NOON)

    assert scene.functions.names == ["check_partition", "score"]


def test_new_features_are_checked_and_scored(scene: Scene, box: OneBox) -> None:
    scene.watch(a_config())
    box.step(NOON)
    key = "flights/features/dt=2013-02-08/part-0.parquet"
    scene.ports.objects.put(key, b"bytes")

    box.step(NOON)

    [(first, event), (second, same_event)] = scene.functions.called
    assert (first, second) == ("check_partition", "score")
    assert event == same_event
    assert (event["source"], event["detail-type"]) == ("aws.s3", "Object Created")
    assert event["detail"]["object"]["key"] == key
    assert event["detail"]["object"]["size"] == 5
    assert event["detail"]["object"]["etag"]


def test_an_object_is_noticed_once_and_again_when_it_was_rewritten(
    scene: Scene, box: OneBox
) -> None:
    scene.watch(a_config())
    box.step(NOON)
    key = "flights/labels/dt=2013-02-08/part-0.parquet"
    scene.ports.objects.put(key, b"first")

    assert box.notice_objects() == [key]
    assert box.notice_objects() == []

    scene.ports.objects.put(key, b"again")
    assert box.notice_objects() == [key]


def test_a_restart_notices_nothing_twice_and_forgets_nothing(scene: Scene) -> None:
    scene.watch(a_config())
    with scene.box() as box:
        box.notice_objects()
        scene.ports.objects.put("flights/labels/dt=2013-02-08/part-0.parquet", b"")
        box.notice_objects()  # and the box stops before it ran what that started

    with scene.box() as box:
        box.step(NOON)
        box.step(NOON)

    assert scene.functions.names == ["join_labels"]


def test_objects_that_no_model_watches_start_nothing(scene: Scene, box: OneBox) -> None:
    scene.watch(a_config())
    for key in ("models/v1", "flights/features/readme.txt", "flights/other/dt=2013-02-08/a"):
        scene.ports.objects.put(key, b"")

    assert box.step(NOON) == []
