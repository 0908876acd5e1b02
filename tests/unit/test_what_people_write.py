import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.modals.bug_form import bug_form
from bot.modals.incident_form import incident_form
from bot.modals.resolve_form import resolve_form
from bot.modals.screens import home_view, queue_screen, status_screen
from core.adapters.slack.cards import card_of
from core.domain.alert import Alert, Priority
from core.domain.awaited import Awaited
from core.domain.base import Record
from core.domain.challenge import ChallengeState
from core.domain.ids import AlertId, IncidentId
from core.domain.incident import Incident, Report
from core.domain.person import Person
from core.domain.review import ReviewFinding
from core.domain.storm import Storm
from core.domain.timeline import Line
from core.domain.verdict import Blame, ErrorClass
from core.flows.overview import Overview
from tests.builders import ADA, CHANNEL, NOON, a_challenge, a_config, an_alert, some_evidence
from tests.unit.contracts import a_change, a_loosening

HOSTILE = "<!here> <!channel> <@U0EVE> <!subteam^S0ALL> <https://evil.example|click> &lt;!here&gt;"


def an_incident(text: str) -> Incident:
    return Incident(
        id=IncidentId("inc_1"),
        model="flights",
        channel=CHANNEL,
        alert=an_alert().id,
        commander=ADA.id,
        opened_at=NOON,
        report=Report(
            title=text, priority=Priority.P1, summary=text, impact=text, data_action=text
        ),
    )


def a_hostile_alert() -> Alert:
    blame = Blame(column=HOSTILE, score=4, error_class=ErrorClass.HARD, sentence=HOSTILE)
    return an_alert(
        evidence=some_evidence(
            summary=HOSTILE, next_step=HOSTILE, affected=HOSTILE, blamed=(blame, blame)
        )
    )


CARDS = [
    a_hostile_alert(),
    a_challenge(reason=HOSTILE, trained_on=HOSTILE, validated_on=HOSTILE),
    a_challenge(
        state=ChallengeState.HARMFUL, killed_because=HOSTILE, made_of=HOSTILE, fallback=HOSTILE
    ),
    a_challenge(
        findings=(ReviewFinding(name="leak", sentence=HOSTILE, is_blocking=True),),
        promises_kept=(HOSTILE,),
        kpi=HOSTILE,
        standards=(HOSTILE,),
        worst_slices=(HOSTILE,),
    ).asking_exception(HOSTILE, ADA, NOON),
    a_change(a_loosening(column=HOSTILE), followed=(HOSTILE,)),
    a_change(a_loosening(column=HOSTILE)).kept(ADA, NOON, NOON.date()),
    an_incident(HOSTILE),
    Storm.of(CHANNEL, [AlertId("alr_1")], [HOSTILE]),
    Line.of(an_alert(), ADA, f"raised: {HOSTILE}", NOON),
]
HALF = Awaited(
    id="awt_1", model="flights", partition="2013-02-08", missing=HOSTILE, changed_at=NOON
)
SEEN = Overview(
    realised={},
    models=(a_config(about=HOSTILE),),
    serving={},
    alerts=(a_hostile_alert(),),
    awaited={"flights": (HALF,)},
)
SCREENS: dict[str, Callable[[], Any]] = {
    "queue": lambda: queue_screen(SEEN.alerts),
    "status": lambda: status_screen(SEEN),
    "home": lambda: home_view(SEEN),
    "incident form": lambda: incident_form(SEEN.alerts[0]),
    "resolve form": lambda: resolve_form(SEEN.alerts[0]),
    "bug form": lambda: bug_form(["flights"], HOSTILE),
}


@pytest.mark.parametrize("subject", CARDS, ids=lambda subject: str(subject.kind))
def test_what_people_write_on_a_card_mentions_nobody_and_links_nowhere(subject: Record) -> None:
    text, blocks = card_of(subject)

    marked_up = [text, *in_markup(blocks)]

    assert any("&lt;!here&gt;" in words for words in marked_up)  # it is there, and harmless
    assert [words for words in marked_up if does_something(words)] == []


@pytest.mark.parametrize("screen", SCREENS)
def test_what_people_write_on_a_screen_mentions_nobody_and_links_nowhere(screen: str) -> None:
    assert [words for words in in_markup(SCREENS[screen]()) if does_something(words)] == []


@pytest.mark.parametrize("word", ["watchkeeper", "command-line", "Ursula", "U <!here>", "W"])
def test_who_has_no_id_of_slack_is_named_and_not_mentioned(word: str) -> None:
    decided = a_challenge(asked_by=word).decided(ChallengeState.CHAMPION, Person(id=word), NOON)

    drawn = str(card_of(decided)) + str(card_of(an_alert(owner=word, reported_by=word)))

    assert not re.search("<@|<!here", drawn)


def test_who_has_an_id_of_slack_is_mentioned() -> None:
    decided = a_challenge(asked_by=ADA.id).decided(ChallengeState.CHAMPION, ADA, NOON)

    assert str(card_of(decided)).count("<@U0ADA>") == 2


def does_something(words: str) -> bool:
    """Say whether Slack would make a mention or a link of it."""
    return bool(re.search(r"<!(here|channel|subteam)|<@U0EVE|<https:", words))


def in_markup(drawn: Any) -> list[str]:  # noqa: ANN401 - a tree of Slack's dictionaries
    """Find every text that Slack reads as markup; plain text is shown as it is."""
    return [words for kind, words in _texts(drawn) if kind == "mrkdwn"]


def _texts(drawn: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - the same
    if isinstance(drawn, list):
        for part in drawn:
            yield from _texts(part)
    elif isinstance(drawn, dict):
        if isinstance(drawn.get("text"), str):
            yield str(drawn["type"]), drawn["text"]
        for part in drawn.values():
            yield from _texts(part)
