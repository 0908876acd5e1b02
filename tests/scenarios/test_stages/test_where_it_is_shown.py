"""Status, App Home and cards say who stands where, and what serves if it cannot."""

from tests.builders import ADA, CHANNEL, a_challenge
from tests.scenarios.scene import Scene
from tests.scenarios.test_stages.staging import with_shares, words
from tests.staged import a_simple_model, some_evidence, store_version


def test_status_home_and_the_models_own_screen_show_who_stands_where(scene: Scene) -> None:
    with_shares(scene, 0.05)
    for version in ("ver_b", "ver_c", "ver_d"):
        scene.proposed(a_challenge(version, config_hash=version))
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    scene.slack.command("/watch", "status", user=ADA.id, channel=CHANNEL)
    status = scene.words(scene.slack.whispers(ADA.id)[-1])
    scene.slack.command("/watch", "model flights", user=ADA.id, channel=CHANNEL)
    model = scene.words(scene.slack.whispers(ADA.id)[-1])

    assert (
        "champion `a`, canary `b` with 5.0 % of the entities, in shadow `c`, 1 in the queue"
        in status
    )
    assert "*Canary:* b, serves 5.0 % of the entities" in model
    assert "*Challenger:* c, predicts in shadow" in model
    assert "*Queue:* `d`" in model


def test_a_card_says_what_serves_if_the_version_cannot(scene: Scene) -> None:
    simple = a_simple_model("ver_b", scene.ports)
    store_version("ver_b", scene.ports, simple=simple)
    scene.proposed(a_challenge("ver_b"))
    chain = "If it cannot serve: `a`, else its own simple model, else a constant."
    assert chain in words(scene, "ver_b")
    assert "cannot serve: its" not in words(scene, "ver_b")

    (scene.folder / "objects/models/flights/ver_a/model.skops").unlink()
    (scene.folder / "objects" / simple.artefact.key).unlink()
    scene.shown(some_evidence("ver_b", "ver_a", "gain"))

    assert (
        f"{chain} Now `a` cannot serve: its artefact is gone. "
        "Now its own simple model cannot serve: its artefact is gone."
    ) in words(scene, "ver_b")


def test_a_card_of_a_version_of_old_says_that_it_has_no_simple_model(scene: Scene) -> None:
    scene.proposed(a_challenge("ver_b"))

    assert (
        "`a`, else its own simple model, else the constant of the config, if there is one. "
        "Now its own simple model cannot serve: none was trained with it."
    ) in words(scene, "ver_b")
