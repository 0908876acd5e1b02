from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.domain.alert import Alert, Disposition
from core.domain.challenge import Challenge
from core.domain.idea import Idea, Proposal
from core.domain.ids import VersionId
from core.domain.model_config import ModelConfig, StoredConfig
from core.domain.served import Served
from core.domain.velocity import Median, Velocity, velocity_of
from core.domain.version import Artefact, Version
from tests.builders import ADA, CHANNEL, NOON, a_challenge, a_config, an_alert
from tests.unit.manifests import a_manifest
from tests.watched_model import training

HOUR = timedelta(hours=1)


def config_with(**changes: Any) -> ModelConfig:
    return a_config(training=training(**changes))


def stored(config: ModelConfig, hours: float = 0) -> StoredConfig:
    return StoredConfig(
        id=config.hash, config=config, applied_at=NOON + hours * HOUR, applied_by=ADA.id
    )


def made(name: str, config: ModelConfig, hours: float = 0) -> Version:
    artefact = Artefact(key="k", sha256="s", size_bytes=1, golden_key="g", golden_sha256="h")
    return Version(
        id=VersionId(f"ver_{name}"),
        manifest=a_manifest(config_hash=config.hash),
        artefact=artefact,
        seal="seal",
        reference_key="r",
        parent=None,
        made_at=NOON + hours * HOUR,
        asked_by=ADA.id,
        reason="asked",
    )


def ended(name: str, state: str, **changes: Any) -> Challenge:
    return a_challenge(f"ver_{name}").model_copy(update={"state": state, **changes})


def resolved(hours: float, as_: Disposition = Disposition.DATA_BUG, **changes: Any) -> Alert:
    partition = f"2013-02-{len(changes) + int(hours) % 20 + 1:02}"
    return an_alert(
        partition=partition,
        acknowledged_at=NOON + HOUR / 2,
        disposition=as_,
        resolved_by=ADA.id,
        resolved_at=NOON + hours * HOUR,
        **changes,
    )


def added_up(**known: Any) -> Velocity:
    nothing: dict[str, Any] = dict.fromkeys(
        ("ideas", "configs", "versions", "challenges", "alerts", "served"), ()
    )
    return velocity_of(**nothing | known)


def test_of_a_new_model_nothing_is_said() -> None:
    assert added_up().facts() == []


def test_an_idea_counts_from_when_it_was_proposed_and_a_config_from_when_it_was_applied() -> None:
    first, second = config_with(seed=1), config_with(seed=2)
    idea = Idea(
        id="ide_1",
        model="flights",
        channel=CHANNEL,
        proposal=Proposal(hypothesis="h", owner=ADA.id, expected="e", kill_by=date(2013, 3, 1)),
        proposed_by=ADA.id,
        proposed_at=NOON - 10 * HOUR,
        configs=(second.hash,),
        versions=(VersionId("ver_b"), VersionId("ver_c")),
    )

    found = added_up(
        ideas=[idea],
        configs=[stored(first), stored(second)],
        versions=[made("a", first, 2), made("b", second, 4), made("c", second, 9)],
    )

    assert found.idea_to_shadow == Median(seconds=8 * 3600, of=2)  # 2 h and 14 h
    assert ("Idea to shadow", "8.0 h (median of 2)") in found.facts()


def test_trouble_ends_with_the_rollback_that_came_before_it_was_resolved() -> None:
    rollback = Served(
        id="srv_1",
        model="flights",
        version=VersionId("ver_a"),
        since=NOON + HOUR,
        by=ADA.id,
        how="rolled back",
    )

    found = added_up(alerts=[resolved(10)], served=[rollback])

    assert found.to_restore == Median(seconds=3600, of=1)
    assert found.to_acknowledge == Median(seconds=1800, of=1)
    assert dict(found.facts())["Time to acknowledge"] == "30 min (median of 1)"


def test_what_was_no_trouble_takes_no_time_to_restore() -> None:
    assert added_up(alerts=[resolved(10, Disposition.NOISE)]).to_restore is None


def test_versions_that_were_killed_unseen_are_counted_without_the_first_and_the_undecided() -> None:
    found = added_up(
        challenges=[
            ended("a", "dethroned", against=None),
            ended("b", "champion"),
            ended("c", "killed as futile"),
            ended("d", "replaced"),
            ended("e", "shadow"),
            ended("f", "rolled back"),
        ]
    )

    assert (found.killed_unseen, found.ended) == (2, 4)
    assert ("Killed before users saw them", "50 % of 4 versions") in found.facts()


def test_a_key_that_was_changed_twice_and_never_gained_never_mattered() -> None:
    configs = [
        config_with(seed=1, parameters={"C": 1.0}),
        config_with(seed=2, parameters={"C": 1.0}),
    ]
    configs += [
        config_with(seed=3, parameters={"C": 1.0}),
        config_with(seed=3, parameters={"C": 2.0}),
    ]
    versions = [made(name, config) for name, config in zip("abcd", configs, strict=True)]
    challenges = [
        ended("b", "killed as futile", against="ver_a", gain=(-0.01, 0.0, 0.01)),
        ended("c", "killed as futile", against="ver_a", gain=(-0.01, 0.0, 0.01)),
        ended("d", "champion", against="ver_c", gain=(0.001, 0.002, 0.003)),
    ]

    found = added_up(
        configs=[stored(config) for config in configs], versions=versions, challenges=challenges
    )

    assert {of.key: (of.times, of.gained) for of in found.tried} == {
        "training.parameters.C": (1, 1),
        "training.seed": (2, 0),
    }
    assert found.never_mattered == ("training.seed",)
    assert ("Keys that never mattered", "`training.seed`") in found.facts()


def test_a_change_of_many_keys_or_of_an_unknown_config_blames_none() -> None:
    first = config_with(seed=1)
    many = config_with(seed=2, window_days=12, validation_days=4, minimum_rows=20)
    versions = [made("a", first), made("b", many), made("c", config_with(seed=9))]
    challenges = [
        ended(name, "killed", against="ver_a", gain=(-0.01, 0.0, 0.01)) for name in ("b", "c")
    ]

    found = added_up(
        configs=[stored(first), stored(many)], versions=versions, challenges=challenges
    )

    assert found.tried == ()


def test_a_duration_is_said_in_the_largest_unit_that_fits() -> None:
    words = [Median(seconds=seconds, of=3).words for seconds in (600, 7200, 60 * 3600)]

    assert words == ["10 min (median of 3)", "2.0 h (median of 3)", "2.5 days (median of 3)"]


@given(st.permutations(["champion", "killed", "replaced", "shadow", "killed as harmful"]))
def test_the_order_of_records_does_not_matter(states: list[str]) -> None:
    challenges = [ended(str(number), state) for number, state in enumerate(states)]

    found = added_up(challenges=challenges)

    assert (found.killed_unseen, found.ended) == (3, 4)
