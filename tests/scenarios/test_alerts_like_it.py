"""A card says what came of alerts like it: the same class, rule and columns."""

from datetime import timedelta

from core.domain.alert import Alert, Disposition
from core.domain.alike import alike, signature_of
from core.domain.verdict import Blame, ErrorClass
from tests.builders import ADA, CHANNEL, NOON, an_alert, some_evidence
from tests.scenarios.scene import Scene


def about(*columns: str, day: int, **changes: object) -> Alert:
    """A hard error of these columns, raised on a day of January."""
    blamed = tuple(
        Blame(column=name, score=2, error_class=ErrorClass.HARD, sentence=f"`{name}`: wrong")
        for name in columns
    )
    return an_alert(
        partition=f"2013-01-{day:02d}",
        raised_at=NOON - timedelta(days=40 - day),
        evidence=some_evidence(blamed=blamed),
        **changes,
    )


def closed(alert: Alert, disposition: Disposition = Disposition.DATA_BUG) -> Alert:
    return alert.resolved_as(disposition, ADA, alert.raised_at + timedelta(hours=1))


def test_the_card_says_how_often_it_was_so_and_what_the_last_one_was(scene: Scene) -> None:
    scene.store(closed(about("wind", "gust", day=3), Disposition.NOISE))
    scene.store(closed(about("gust", "wind", day=9, incident="inc_1")))
    scene.store(closed(about("fog", day=12)))

    scene.raised(about("wind", "gust", day=20))

    [card] = scene.slack.messages(CHANNEL)
    assert (
        "2 alerts like it in 90 days; the last of 2013-01-09 was closed as data bug, report inc_1"
    ) in scene.words(card)


def test_what_is_open_or_a_duplicate_or_came_later_says_nothing() -> None:
    now = about("wind", day=20)
    others = [
        about("wind", day=3),
        closed(about("wind", day=4), Disposition.DUPLICATE),
        closed(about("wind", day=25)),
    ]

    assert alike(now, others) is None


def test_the_first_of_its_kind_is_like_none(scene: Scene) -> None:
    scene.raised(about("wind", day=20))

    assert "like it" not in scene.words(scene.slack.messages(CHANNEL)[0])


def test_a_signature_goes_by_the_first_three_columns_in_any_order() -> None:
    one, other = about("a", "b", "c", "d", day=1), about("c", "a", "b", "e", day=2)

    assert signature_of(one) == signature_of(other)
    assert signature_of(one) != signature_of(about("a", "b", day=3))
