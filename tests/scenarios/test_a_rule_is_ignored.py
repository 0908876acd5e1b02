"""A rule cries wolf: its cards say so, and a click makes it quieter by a backtest."""

from datetime import timedelta

from core.adapters.slack.actions import ACKNOWLEDGE, QUIETEN, TELL_ALL
from core.domain.alert import Alert, Disposition
from core.domain.ledger import TrackRecord
from core.domain.person import Person
from core.domain.timeline import Line
from core.domain.verdict import Blame, ErrorClass, Severity
from core.flows.ledger import ledger
from core.flows.overview import queue
from core.flows.raise_alert import raise_alert, update_alert
from tests.builders import ADA, CHANNEL, GRACE, NOON, a_config, an_alert, some_evidence
from tests.scenarios.scene import Scene


def soft(day: int, score: float, **changes: object) -> Alert:
    """One of the soft errors of one column, so far beyond its limit."""
    partition = f"2013-01-{day:02d}"
    said = "`temp`: 2 % null, usually none"
    blame = Blame(column="temp", score=score, error_class=ErrorClass.SOFT, sentence=said)
    evidence = some_evidence(
        error_class=ErrorClass.SOFT, severity=Severity.WARN, summary=said, blamed=(blame,)
    )
    raised_at = NOON - timedelta(days=30 - day)
    return an_alert(partition=partition, raised_at=raised_at, evidence=evidence, **changes)


def closed(alert: Alert, disposition: Disposition, by: Person = GRACE) -> Alert:
    return alert.resolved_as(disposition, by, alert.raised_at + timedelta(hours=2))


def a_rule_that_cried_wolf(scene: Scene) -> None:
    """Eighteen near the limit that were noise, two far beyond it that were errors of the data."""
    for day in range(1, 19):
        scene.store(closed(soft(day, 1.1), Disposition.NOISE))
    for day in (19, 20):
        scene.store(closed(soft(day, 3.5), Disposition.DATA_BUG))


def said(scene: Scene, text: str) -> str:
    scene.slack.command("/watch", text, user=ADA.id, channel=CHANNEL)
    return scene.words(scene.slack.whispers(ADA.id)[-1])


def test_the_card_says_how_often_its_rule_fired_and_was_ignored(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)

    scene.raised(soft(28, 1.2))

    [card] = scene.slack.messages(CHANNEL)
    assert (
        "Soft errors fired 20 times in 90 days: 90 % ignored (70 % to 97 %), 2 acted on, "
        "precision 10 %"
    ) in scene.words(card)


def test_of_few_alerts_nothing_is_judged(scene: Scene) -> None:
    scene.store(closed(soft(3, 1.1), Disposition.NOISE))

    scene.raised(soft(28, 1.2))

    [card] = scene.slack.messages(CHANNEL)
    assert "fired" not in scene.words(card)
    assert not scene.has(card, QUIETEN)
    words = said(scene, "rules flights")
    assert "Soft errors fired 2 times in 90 days: too few decided (2) to judge" in words


def test_the_share_of_the_study_comes_out_of_a_log_like_its_own(scene: Scene) -> None:
    for number in range(1000):
        disposition = Disposition.NOISE if number < 450 else Disposition.DATA_BUG
        alert = soft(1, 1.1).model_copy(
            update={"id": f"alr_{number:04d}", "raised_at": NOON - timedelta(hours=number)}
        )
        scene.store(closed(alert, disposition))

    [record] = ledger("flights", scene.ports)

    assert (record.fired, record.ignored, record.ignored_share) == (1000, 450, 0.45)


def test_one_click_makes_the_rule_quieter_and_the_backtest_says_what_that_means(
    scene: Scene,
) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    [card] = scene.slack.messages(CHANNEL)

    scene.click(QUIETEN, ADA, on=card)

    backtest = "posting only from 3.50 times the limit on, 2 of the 20 alerts since 2013-01-10"
    assert backtest in scene.thread(card)[-1].text
    assert "all 2 that led to something among them" in scene.thread(card)[-1].text
    scene.raised(soft(28, 1.2))
    scene.raised(soft(29, 3.5))
    [_, told] = scene.slack.messages(CHANNEL)
    assert "2013-01-29" in scene.words(told)


def test_what_is_not_posted_stands_in_the_queue_behind_the_rest(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)

    scene.raised(soft(28, 1.2))

    assert [alert.partition for alert in queue(scene.ports)] == ["2013-01-27", "2013-01-28"]
    assert "not posted, its rule is quiet" in said(scene, "queue")


def test_a_quiet_alert_that_somebody_takes_gets_its_card(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)
    scene.raised(soft(28, 1.2))
    [_, quiet] = queue(scene.ports)

    said(scene, f"acknowledge {quiet.id}")
    scene.deliver()

    assert "2013-01-28" in scene.words(scene.slack.messages(CHANNEL)[-1])


def test_a_quiet_alert_that_gets_worse_is_posted_after_all(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)
    scene.raised(soft(28, 1.2))

    worse = soft(28, 9.0).evidence.model_copy(update={"fingerprint": "f2"})
    update_alert(soft(28, 1.2).id, worse, scene.ports)
    scene.deliver()

    [_, told] = scene.slack.messages(CHANNEL)
    assert "2013-01-28" in scene.words(told)


def test_a_quiet_alert_that_stays_as_small_stays_quiet(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)
    scene.raised(soft(28, 1.2))

    alike = soft(28, 1.3).evidence.model_copy(update={"fingerprint": "f2"})
    quiet = update_alert(soft(28, 1.2).id, alike, scene.ports)

    assert scene.deliver() == 0
    lines = scene.ports.records.query(Line, f"timeline:{quiet.id}")
    assert [line.what.split(":")[0] for line in lines] == ["raised", "checked it again"]


def test_hard_errors_are_never_quiet(scene: Scene) -> None:
    for day in range(1, 21):
        scene.store(closed(an_alert(partition=f"2013-01-{day:02d}"), Disposition.NOISE))

    scene.raised(an_alert())

    [card] = scene.slack.messages(CHANNEL)
    assert "100 % ignored" in scene.words(card)
    assert not scene.has(card, QUIETEN)


def test_nothing_is_proposed_that_would_have_hidden_what_was_acted_on(scene: Scene) -> None:
    for day in range(1, 20):
        scene.store(closed(soft(day, 1.1 + day / 100), Disposition.NOISE))
    scene.store(closed(soft(20, 1.05), Disposition.DATA_BUG))

    scene.raised(soft(28, 1.2))

    assert not scene.has(scene.slack.messages(CHANNEL)[-1], QUIETEN)


def test_two_people_who_click_make_it_quieter_once(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.raised(soft(28, 1.2))
    [first, second] = scene.slack.messages(CHANNEL)
    scene.click(QUIETEN, ADA, on=first)

    scene.click(QUIETEN, GRACE, on=second)

    assert "<@U0ADA> has already made this rule quieter" in scene.whispered_to(GRACE)


def test_an_old_card_makes_nothing_quieter(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    before = scene.slack.messages(CHANNEL)[-1]
    scene.click(QUIETEN, ADA, on=before)
    said(scene, "rules flights")
    scene.slack.click(TELL_ALL, user=ADA.id, message=scene.slack.whispers(ADA.id)[-1])

    scene.slack.click(QUIETEN, user=ADA.id, message=before)

    assert "Nothing is known by which this rule should tell less." in scene.whispered_to(ADA)


def test_who_may_not_promote_may_not_make_a_rule_quieter(scene: Scene) -> None:
    scene.applied(a_config(access={"approvers": [ADA.id]}))
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))

    scene.click(QUIETEN, GRACE)

    assert "You may not make a rule quieter here" in scene.whispered_to(GRACE)


def test_the_rules_of_a_model_can_be_read_and_told_all_again(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)

    words = said(scene, "rules flights")
    scene.slack.click(TELL_ALL, user=ADA.id, message=scene.slack.whispers(ADA.id)[-1])

    assert "Soft errors fired 21 times in 90 days" in words
    assert "*Soft errors* is quiet until 2013-05-09, by <@U0ADA>" in words
    assert "are posted again" in scene.whispered_to(ADA)
    scene.raised(soft(28, 1.2))
    assert len(scene.slack.messages(CHANNEL)) == 2


def test_a_rule_that_tells_everything_cannot_be_told_to_twice(scene: Scene) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)
    said(scene, "rules flights")
    screen = scene.slack.whispers(ADA.id)[-1]
    scene.slack.click(TELL_ALL, user=ADA.id, message=screen)

    scene.slack.click(TELL_ALL, user=ADA.id, message=screen)

    assert scene.whispered_to(ADA) == "This rule tells everything already."


def test_a_quiet_rule_speaks_again_when_its_time_is_over_and_can_be_made_quiet_anew(
    scene: Scene,
) -> None:
    a_rule_that_cried_wolf(scene)
    scene.raised(soft(27, 1.2))
    scene.click(QUIETEN, ADA)
    scene.ports.sleep(timedelta(days=91).total_seconds())
    late = [
        closed(
            soft(day, 1.1).model_copy(
                update={
                    "id": f"alr_late{day}",
                    "raised_at": scene.ports.now() - timedelta(days=day),
                }
            ),
            Disposition.NOISE,
        )
        for day in range(2, 16)
    ]
    for alert in late:
        scene.store(alert)

    raise_alert(soft(30, 1.2).model_copy(update={"raised_at": scene.ports.now()}), scene.ports)
    scene.deliver()
    scene.click(QUIETEN, GRACE)

    assert "quieter until 2013-08-08" in scene.thread(scene.slack.messages(CHANNEL)[-1])[-1].text


def test_a_model_whose_rules_were_silent_says_so(scene: Scene) -> None:
    assert "No rule of `flights` has fired in three months." in said(scene, "rules flights")


def test_what_nobody_took_for_a_day_is_ignored_and_what_is_young_is_not_decided() -> None:
    day = NOON - timedelta(days=1)
    alerts = [an_alert(raised_at=day), an_alert(), an_alert(raised_at=day, owner=ADA.id)]

    record = TrackRecord.of("partition hard", alerts, NOON)

    assert (record.fired, record.ignored, record.acted_on, record.decided) == (3, 1, 0, 1)


def test_a_duplicate_counts_nowhere_and_an_incident_is_an_action(scene: Scene) -> None:
    scene.raised(an_alert())
    scene.click(ACKNOWLEDGE, ADA)
    double = closed(an_alert(partition="2013-01-02"), Disposition.DUPLICATE)
    reported = an_alert(incident="inc_1", disposition=Disposition.NOISE, resolved_by="U1")

    record = TrackRecord.of("partition hard", [double, reported], NOON)

    assert (record.fired, record.acted_on, record.noise) == (1, 1, 1)
