"""The story that plays by itself: who does what on which day of the month."""

from typing import Final

from core.domain.alert import Alert
from core.domain.partition_check import RULE
from core.domain.serving import Serving
from infra.local.demo.hands import Hands, prove
from infra.local.demo.month import SPOILED, Month
from infra.local.demo.on_call import OnCall
from infra.local.demo.pointer import Pointer
from infra.local.demo.stage import Stage
from infra.local.demo.telling import Teller

BLIZZARD: Final = ("2013-02-08", "2013-02-09")
_FEWEST_DAYS: Final = 28


def play_story(stage: Stage, month: Month, teller: Teller) -> None:
    """Play the month, and prove each step by reading the stores back.

    Raises:
        NotProved: a step did not take effect.
        JobFailed: a function failed.
    """
    on_call = OnCall(stage, Hands(stage), teller)
    pointer = Pointer(stage, Hands(stage), teller)

    with teller.waiting("learning January"):
        month.learn_the_past()
    pointer.first_version_serves()
    watched = 0
    for day in month.watched_days():
        watched += 1
        teller.day(day, stage.ports)
        alert = stage.ports.records.get(Alert, Alert.id_of("flights", day, RULE))
        if alert is not None and day in BLIZZARD:
            on_call.lives_through_the_blizzard(alert)
        elif alert is not None and day == SPOILED:
            on_call.finds_a_data_bug(alert)
        pointer.moves_on(day)

    prove(watched >= _FEWEST_DAYS, "28 days were watched")
    prove(on_call.wrote_a_report, "the blizzard raised an alert")
    prove(on_call.found_the_bug, "the spoiled day raised an alert")
    prove(pointer.is_done, "a challenger was promoted, served, and was rolled back")
    prove(stage.slack.rejections == [], "every message was one that Slack takes")
    serving = stage.ports.records.get(Serving, "flights")
    prove(serving is not None and serving.champion is not None, "a version serves at the end")
