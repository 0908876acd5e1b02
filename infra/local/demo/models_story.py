"""The story about models: one that gains, one that changes nothing, one that harms, and back."""

from collections.abc import Mapping

from core.adapters.slack.actions import ROLL_BACK
from core.domain.challenge import ChallengeState
from core.domain.ids import VersionId
from core.domain.served import Served
from core.domain.serving import short
from infra.local.demo.audience import Audience
from infra.local.demo.hands import prove
from infra.local.demo.improving import Improving
from infra.local.demo.killing import Killing
from infra.local.demo.mistakes import Mistakes
from infra.local.demo.month import Month
from infra.local.demo.stage import ADA, CHANNEL, Stage
from infra.local.demo.tale import Tale
from infra.local.demo.telling import Teller
from infra.local.flights import Day


def play_models_story(
    stage: Stage, month: Month, built: Mapping[str, Day], teller: Teller, audience: Audience
) -> None:
    """Play the spring, day by day until each decision is there, and prove each step.

    Raises:
        NotProved: a step did not take effect.
        JobFailed: a function failed.
    """
    tale = Tale(stage, month.watched_days(), teller, audience)
    audience.sees("the days before are being learned")
    with teller.waiting("learning the days before"):
        month.learn_the_past()
    first = _first_champion(tale)
    tale.next_day()
    improving, killing = Improving(tale), Killing(tale, Mistakes(built))
    slower = improving.tries_an_idea()
    hardly_other = killing.queues_a_change()
    improving.promotes(slower)
    killing.changes_nothing(hardly_other)
    killing.learned_from_flipped_labels()
    _roll_back(tale, slower, first)
    prove(stage.slack.rejections == [], "every message was one that Slack takes")


def _first_champion(tale: Tale) -> VersionId:
    champion = tale.stores.serving().champion
    prove(champion is not None, "the first training made a champion")
    card = tale.stores.challenge(champion)
    tale.hands.reads(card.id, "serves as champion")
    tale.say(None, f"trained {card.name} on {card.trained_on}: 300 large, quick trees")
    return card.version


def _roll_back(tale: Tale, from_version: VersionId, to: VersionId) -> None:
    """Type `/rollback flights`, click, and prove that the next day is served by the first one."""
    slack = tale.stage.slack
    answer = slack.command("/rollback", "flights", user=ADA.id, channel=CHANNEL)
    prove(answer.is_ok, "/rollback was answered")
    tale.say(ADA, "types /rollback flights and is shown the champion with its button")
    if tale.audience.may(
        "roll back: be Ada, type /rollback flights and click, or go on",
        lambda: tale.stores.serving().champion == to,
    ):
        tale.say(ADA, f"has rolled back to {short(to)}")
    else:
        tale.hands.click(ADA, ROLL_BACK, slack.whispers(ADA.id)[-1])
        tale.say(ADA, f"rolls back to {short(to)}: one click, no gate")
    prove(tale.stores.serving().champion == to, "the first version is the champion again")
    left = tale.stores.challenge(from_version)
    prove(left.state is ChallengeState.ROLLED_BACK, "the slower learner was rolled back")
    tale.hands.reads(left.id, "rolled back")
    tale.hands.reads(tale.stores.challenge(to).id, "serves as champion")
    day = tale.next_day()
    rows = tale.stores.rows_served_by(day, to)
    tale.say(None, f"the log of {day} has {rows} flights served by {short(to)}")
    served = tale.stage.ports.records.query(Served, "served:flights")
    how = ", ".join(f"{short(one.version)} {one.how}" for one in served)
    tale.say(None, f"served so far: {how}")
