from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from core.domain.alert import Alert
from core.domain.model_config import InForce
from core.flows.overview import overview
from core.flows.raise_alert import raise_alert
from core.flows.sweep import sweep
from core.ports import R, Records, Write
from functions.flows.concerned import concerned
from tests.builders import ADA, CHANNEL, NOON, a_config, an_alert
from tests.scenarios.scene import Scene
from tests.watched_model import object_created

MANY = 130  # more than one page of any listing


@pytest.fixture
def crowded(scene: Scene) -> Scene:
    """A stage with many models; the last one by name tells its news in a channel of its own."""
    for number in range(MANY - 1):
        config = a_config(model=f"m{number:03}")
        scene.store(InForce(id=config.model, config=config, since=NOON))
    scene.slack.add_channel("C0LAST", "last")
    scene.applied(a_config(model="zeppelins", channel="C0LAST"))
    return scene


def of_zeppelins() -> Alert:
    alert_id = Alert.id_of("zeppelins", "2013-02-08", "partition")
    return an_alert(id=alert_id, model="zeppelins", channel="C0LAST")


def test_all_of_them_are_listed(crowded: Scene) -> None:
    assert len(overview(crowded.ports).models) == MANY + 1  # and the flights


def test_however_many_they_are_the_overview_reads_as_often(crowded: Scene) -> None:
    reads = _CountedReads(crowded.ports.records)

    overview(replace(crowded.ports, records=reads))

    assert reads.listings == [
        "models",
        "serving",
        "alerts:open",
        "realised",
        "watches",
        "timetables",
        "awaited",
        "channels",
    ]


@dataclass(frozen=True)
class _CountedReads:
    """A record store that remembers which listings were read; nothing else is asked of it."""

    stored: Records
    listings: list[str] = field(default_factory=list)

    def query(self, kind: type[R], listing: str, **how: Any) -> list[R]:
        self.listings.append(listing)
        return self.stored.query(kind, listing, **how)

    def get(self, kind: type[R], record_id: str) -> R | None:
        raise AssertionError(f"{kind.kind} {record_id} was read by itself")

    def commit(self, *writes: Write) -> bool:
        raise AssertionError(f"{len(writes)} writes")


def test_what_lands_for_all_of_them_concerns_all_of_them(crowded: Scene) -> None:
    landed = object_created("flights/features/dt=2013-02-08/part-0.parquet")

    found = concerned(landed, "features", crowded.ports)

    assert len({partition.model for partition in found}) == MANY + 1


def test_the_channel_of_the_last_one_is_swept_too(crowded: Scene) -> None:
    raise_alert(of_zeppelins(), crowded.ports)

    assert sweep(crowded.ports) == ["C0LAST"]


@pytest.mark.parametrize("screen", ["status", "home"])
def test_the_screen_begins_where_something_waits_and_says_how_many_more_there_are(
    crowded: Scene, screen: str
) -> None:
    raise_alert(of_zeppelins(), crowded.ports)

    if screen == "home":
        crowded.slack.open_home(ADA.id)
        home = crowded.slack.home_of(ADA.id)
        assert home is not None
        words = str(home["blocks"])
    else:
        crowded.slack.command("/watch", "status", user=ADA.id, channel=CHANNEL)
        words = crowded.words(crowded.slack.whispers(ADA.id)[-1])

    assert words.index("*zeppelins*") < words.index("*flights*")
    assert "1 open alert " in words
    assert f"… and {MANY + 1 - 20} more" in words


def test_more_alerts_than_fit_are_counted(scene: Scene) -> None:
    for number in range(140):
        raise_alert(an_alert(partition=f"day {number}"), scene.ports)

    scene.slack.command("/watch", "status", user=ADA.id, channel=CHANNEL)

    assert "140 open alerts" in scene.words(scene.slack.whispers(ADA.id)[-1])
