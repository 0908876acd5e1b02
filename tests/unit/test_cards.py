from hypothesis import given
from hypothesis import strategies as st

from bot.modals.bug_form import bug_form
from bot.modals.incident_form import incident_form
from bot.modals.resolve_form import resolve_form
from bot.modals.screens import home_view, queue_screen
from bot.modals.version_details import version_details
from core.adapters.slack.blocks import escape
from core.adapters.slack.cards import card_of
from core.domain.alert import Alert, Disposition, Priority
from core.domain.base import Record
from core.domain.challenge import ChallengeState, Prospects
from core.domain.contract import Loosening, Promise
from core.domain.evidence_shown import EvidenceShown
from core.domain.ids import AlertId, IncidentId
from core.domain.incident import Incident, Report
from core.domain.review import ReviewFinding
from core.domain.storm import Storm
from core.domain.verdict import Blame, ErrorClass, Severity
from core.flows.overview import Overview
from infra.local.slack.validation.limits import characters_in
from infra.local.slack.validation.payloads import block_problems, view_problems
from tests.builders import ADA, CHANNEL, NOON, a_challenge, a_config, an_alert, some_evidence
from tests.staged import some_evidence as some_evidence_of
from tests.unit.contracts import a_change, a_loosening

MOST_CHARS_IN_ALL = 13_000  # Slack says msg_blocks_too_long beyond about this

free_text = st.text(min_size=1, max_size=5000)
blamed = st.builds(
    Blame,
    column=st.text(min_size=1, max_size=100),
    score=st.floats(1, 1e9),
    error_class=st.sampled_from(ErrorClass),
    sentence=free_text,
)
alerts = st.builds(
    an_alert,
    evidence=st.builds(
        some_evidence,
        error_class=st.none() | st.sampled_from(ErrorClass),
        severity=st.sampled_from(Severity),
        summary=free_text,
        blamed=st.lists(blamed, max_size=70).map(tuple),
        affected=st.none() | free_text,
        next_step=free_text,
    ),
    owner=st.none() | st.just(ADA.id),
    priority=st.none() | st.sampled_from(Priority),
    incident=st.none() | st.just("inc_1"),
    reported_by=st.none() | st.just(ADA.id),
    since=st.none() | st.just("2013-02-07"),
)


def check(subject: Record) -> None:
    text, blocks = card_of(subject)
    assert text.strip()
    assert blocks is not None
    assert block_problems(blocks, "message") == []
    assert characters_in(blocks) < MOST_CHARS_IN_ALL


@given(alerts)
def test_every_alert_is_a_message_that_slack_takes(alert: Alert) -> None:
    check(alert)
    check(alert.resolved_as(Disposition.NOISE, ADA, NOON))


@given(st.sampled_from(ChallengeState), free_text)
def test_every_version_is_a_message_that_slack_takes(state: ChallengeState, reason: str) -> None:
    challenge = a_challenge(state=state, reason=reason)
    finding = ReviewFinding(name="leak", sentence=reason, is_blocking=True)
    full = challenge.asking_exception(reason, ADA, NOON).model_copy(
        update={
            "made_of": reason,
            "kpi": reason,
            "calibration": reason,
            "standards": (reason,) * 9,
            "worst_slices": (reason,) * 9,
            "proposed_slices": 2,
            "fallback": reason,
            "killed_because": reason,
            "promises_kept": (reason,) * 5,
            "findings": (finding,) * 9,
            "evidence": EvidenceShown.of(some_evidence_of("ver_b", "ver_a", "gain")),
            "canary_share": 0.25,
            "waits_at": 3,
        }
    )

    check(challenge)
    check(full)
    held = Prospects(slo=reason, differing=reason, is_stale=True, is_frozen=True)
    check(full.with_prospects(held))
    check(full.with_prospects(held.model_copy(update={"differing": None})))
    check(challenge.model_copy(update={"against": None, "gain": None}))
    assert view_problems(version_details(full)) == []


@given(
    st.lists(free_text, max_size=30),
    st.lists(st.builds(a_loosening, st.sampled_from(Promise), free_text), max_size=30),
)
def test_every_change_of_a_contract_is_a_message_that_slack_takes(
    followed: list[str], loosened: list[Loosening]
) -> None:
    change = a_change(*loosened, followed=tuple(followed))

    check(change)
    check(change.kept(ADA, NOON, NOON.date()))
    check(change.accepted(ADA, NOON))
    check(change.replaced())


@given(st.text(min_size=1, max_size=150), st.text(min_size=1, max_size=3000))
def test_every_report_is_a_message_that_slack_takes(title: str, text: str) -> None:
    report = Report(title=title, priority=Priority.P1, summary=text, impact=text, data_action=text)
    check(
        Incident(
            id=IncidentId("inc_1"),
            model="flights",
            channel=CHANNEL,
            alert=an_alert().id,
            commander=ADA.id,
            opened_at=NOON,
            report=report,
        )
    )


@given(st.lists(free_text, min_size=1, max_size=90))
def test_every_storm_is_a_message_that_slack_takes(headlines: list[str]) -> None:
    check(Storm.of(CHANNEL, [AlertId(f"alr_{n}") for n in range(len(headlines))], headlines))


@given(alerts)
def test_every_form_is_one_that_slack_opens(alert: Alert) -> None:
    assert view_problems(incident_form(alert)) == []
    assert view_problems(resolve_form(alert)) == []


@given(st.integers(1, 150), st.text(max_size=5000))
def test_the_bug_form_is_one_that_slack_opens(models: int, quoted: str) -> None:
    assert view_problems(bug_form([f"model-{n}" for n in range(models)], quoted)) == []


@given(st.lists(alerts, max_size=30))
def test_the_home_is_one_that_slack_takes(waiting: list[Alert]) -> None:
    several = tuple(alert.model_copy(update={"id": f"alr_{n}"}) for n, alert in enumerate(waiting))

    assert view_problems(home_view(Overview((a_config(),), {}, {}, several))) == []
    assert block_problems(queue_screen(several), "message") == []


@given(st.text())
def test_escaped_text_can_neither_mention_nor_link(text: str) -> None:
    assert not set("<>") & set(escape(text))


def test_a_card_of_several_columns_shows_each_once_the_worst_first() -> None:
    sentences = [f"`c{n}`: {n} % zeros, never before" for n in range(1, 9)]
    blamed = tuple(
        Blame(column=f"c{n}", score=9 - n, error_class=ErrorClass.SOFT, sentence=sentence)
        for n, sentence in enumerate(sentences, 1)
    )
    evidence = some_evidence(summary=f"{sentences[0]} (and 7 more)", blamed=blamed)

    _, blocks = card_of(an_alert(evidence=evidence))

    drawn = "\n".join(block["text"]["text"] for block in blocks or [] if block["type"] == "section")
    assert [drawn.count(sentence) for sentence in sentences] == [1] * 6 + [0] * 2
    assert drawn.index("`c1`") < drawn.index("(and 7 more)\n• `c2`") < drawn.index("… and 2 more")


def test_a_card_whose_summary_says_something_else_shows_all_columns_below_it() -> None:
    blamed = some_evidence().blamed
    evidence = some_evidence(summary="Checked again: better.", blamed=blamed * 2)

    _, blocks = card_of(an_alert(evidence=evidence))

    drawn = "\n".join(block["text"]["text"] for block in blocks or [] if block["type"] == "section")
    assert drawn.count(blamed[0].sentence) == 2
