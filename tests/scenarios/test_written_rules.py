import json
from pathlib import Path
from typing import Any

from core.domain.model_config import ModelConfig
from core.domain.partition import days_before
from core.domain.verdict import Basis, ErrorClass, Severity
from infra.local.backtesting import tell_backtest
from tests.builders import ADA, CHANNEL, a_config, a_rule, an_alert, some_evidence
from tests.checked_model import DAY, checked, flights, learn
from tests.scenarios.scene import Scene
from tests.watched_model import FIRST_DAY, WatchedModel, parquet_of


def ruled(*rules: dict[str, Any], **changes: Any) -> ModelConfig:
    return a_config(constraints=[a_rule(**rule).model_dump() for rule in rules], **changes)


TOO_FAR = {"at_most": 2900}
"""Broken by every day: the flights go up to 3,000 miles."""


def test_a_rule_holds_before_anything_is_learned(watched: WatchedModel) -> None:
    watched.apply(ruled(TOO_FAR))

    answer = checked(watched, flights(DAY))

    assert (answer["severity"], answer["basis"]) == (Severity.PAGE, Basis.LEARNING)
    [alert] = watched.alerts()
    assert alert.evidence.error_class is ErrorClass.HARD
    assert alert.evidence.summary.startswith("`distance`: ")
    assert "above 2,900, up to " in alert.evidence.summary
    assert alert.evidence.summary.endswith("<@U0ADA> wrote: no flight is longer")


def test_a_rule_holds_beside_what_is_learned(watched: WatchedModel) -> None:
    learn(watched)
    watched.apply(ruled(TOO_FAR, {"column": None, "rows_at_least": 1000}))

    answer = checked(watched, flights(DAY))

    assert answer["basis"] == Basis.REFERENCE
    assert [blame["column"] for blame in answer["blamed"]] == ["rows", "distance"]


def test_rules_that_are_kept_raise_nothing(watched: WatchedModel) -> None:
    learn(watched)
    key = {"column": "flight_id"}
    watched.apply(ruled({"at_most": 3000}, {**key, "unique": True}, {**key, "never_null": True}))

    assert checked(watched, flights(DAY))["severity"] == Severity.OK


def test_a_rule_is_judged_up_to_its_last_day_and_no_longer(watched: WatchedModel) -> None:
    watched.apply(ruled({**TOO_FAR, "expires": DAY}))

    watched.it_is(DAY)
    assert checked(watched, flights(DAY))["severity"] == Severity.PAGE
    after = days_before(DAY, -1)
    watched.it_is(after)
    assert checked(watched, flights(after), after)["severity"] == Severity.OK


def test_what_breaks_a_rule_is_not_learned_from(watched: WatchedModel) -> None:
    learn(watched)
    watched.apply(ruled(TOO_FAR))
    for ahead in range(3):
        day = days_before(DAY, -ahead)
        checked(watched, flights(day), day)

    watched.apply(a_config())
    day = days_before(DAY, -3)
    assert checked(watched, flights(day), day)["severity"] == Severity.OK
    [alert] = watched.alerts()
    assert alert.still_so == (days_before(DAY, -1), days_before(DAY, -2))


def test_a_backtest_judges_the_rules_as_on_the_day_of_each_partition(tmp_path: Path) -> None:
    for ahead in range(17):
        day = days_before(FIRST_DAY, -ahead)
        place = tmp_path / "features" / f"dt={day}"
        place.mkdir(parents=True)
        (place / "part-0.parquet").write_bytes(parquet_of(flights(day)))
    training = {**a_config().training.model_dump(), "window_days": 14}
    config = ruled({**TOO_FAR, "expires": DAY}, training=training)
    said: list[str] = []

    tell_backtest(config, tmp_path / "features", said.append, as_json=True)
    assert [json.loads(line)["severity"] for line in said] == ["page", "ok", "ok"]

    tell_backtest(config, tmp_path / "features", said.append, as_json=False)
    assert said[3].endswith("U0ADA wrote: no flight is longer")


def test_the_card_mentions_the_owner_of_the_rule_and_nobody_whom_the_data_names(
    scene: Scene,
) -> None:
    sentence = "`carrier`: 1 row (1 %) not one of `AA`, such as `<@U0EVE>`; <@U0ADA> wrote: so"
    blame = some_evidence().blamed[0].model_copy(update={"sentence": sentence, "rule_of": ADA.id})

    scene.raised(an_alert(evidence=some_evidence(summary=sentence, blamed=(blame, blame))))

    [card] = scene.slack.messages(CHANNEL)
    words = scene.words(card)
    assert words.count("<@U0ADA> wrote: so") == 2  # the summary, and the column below it
    assert "<@U0EVE>" not in words
