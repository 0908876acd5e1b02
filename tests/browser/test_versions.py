"""The real app at the desk: what people do about a version, each button clicked once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, expect

from core.domain.challenge import Challenge, ChallengeState
from core.domain.evidence_shown import EvidenceShown
from core.domain.ids import VersionId
from core.domain.person import Person
from core.domain.serving import Serving
from core.flows.apply_config import apply_config
from core.flows.propose import propose_challenge
from core.flows.propose_idea import open_ideas
from infra.local.demo.stage import ROLES, Stage
from infra.local.desk.desk import Desk
from infra.local.run import MANIFEST
from tests.browser.conftest import NOON, PATIENCE_MS
from tests.browser.on_the_page import PHONE, SCREENSHOTS, message, press
from tests.builders import APPROVERS, a_challenge, a_config
from tests.staged import passes_its_gate, some_evidence, store_version

A, B = VersionId("ver_a"), VersionId("ver_b")
REASON = "The summer timetable begins on Monday."


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A champion, and a challenger in shadow whose evidence decides nothing yet."""
    with Stage(tmp_path, NOON) as stage:
        config = a_config(access={"approvers": [APPROVERS]})
        apply_config(config, Person.command_line(), stage.ports)
        evidence = EvidenceShown.of(some_evidence(B, A, "undecided", 12))
        for challenge in (
            a_challenge(A, against=None, gain=None),
            a_challenge(B, evidence=evidence, calibration="Off by 0.02 on average"),
        ):
            store_version(challenge.version, stage.ports)
            propose_challenge(challenge, stage.ports)
        stage.step()
        yield stage
        assert stage.slack.rejections == []


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    manifest = yaml.safe_load(MANIFEST.read_text())
    with Desk(stage.slack, manifest=manifest, people=ROLES) as desk:
        yield desk


def confirmed(card: Locator, button: str, answer: str, stage: Stage) -> None:
    """Click a button that asks back, and answer."""
    card.get_by_role("button", name=button).click()
    press(card.page.get_by_role("dialog").get_by_role("button", name=answer), stage)


def state_of(version: VersionId, stage: Stage) -> ChallengeState:
    stored = stage.ports.records.get(Challenge, Challenge.id_of("flights", version))
    assert stored is not None
    return stored.state


def champion(stage: Stage) -> VersionId | None:
    serving = stage.ports.records.get(Serving, "flights")
    return serving.champion if serving else None


def challenger(page: Page) -> Locator:
    return message(page, "flights version b")


def test_what_has_passed_its_gate_is_promoted_from_its_card(stage: Stage, page: Page) -> None:
    passes_its_gate(B, stage.ports)
    stage.step()
    card = challenger(page)
    expect(card).to_contain_text("stands for promotion")

    confirmed(card, "Promote…", "Promote", stage)

    expect(card).to_contain_text("serves as champion")
    expect(card).to_contain_text("Decided by @Ada")
    expect(card.get_by_role("button", name="Promote…")).to_have_count(0)
    assert champion(stage) == B


def test_an_exception_is_asked_for_in_a_form_and_approved_by_a_second_person(
    stage: Stage, page: Page
) -> None:
    card = challenger(page)
    card.get_by_role("button", name="Promote as exception…").click()
    form = page.get_by_role("dialog", name="Ask for an exception")
    form.get_by_label("Why should it serve now?").fill(REASON)
    page.screenshot(path=SCREENSHOTS / "app-exception-form.png")
    press(form.get_by_role("button", name="Ask"), stage)
    expect(form).to_have_count(0)
    expect(card).to_contain_text(f"@Ada asks for an exception from the gate: {REASON}")

    confirmed(card, "Approve exception…", "Promote", stage)
    expect(page.get_by_text("You asked for this exception, so a second person")).to_be_visible()
    assert champion(stage) == A

    page.get_by_role("button", name="Katherine").click()
    confirmed(card, "Approve exception…", "Promote", stage)

    expect(card).to_contain_text("Decided by @Katherine")
    assert champion(stage) == B


def test_a_challenger_is_killed_from_its_card(stage: Stage, page: Page) -> None:
    card = challenger(page)

    confirmed(card, "Kill…", "Kill", stage)

    expect(card).to_contain_text("killed")
    expect(card.get_by_role("button", name="Kill…")).to_have_count(0)
    assert state_of(B, stage) is ChallengeState.KILLED


def test_what_a_card_leaves_out_stands_in_its_details(stage: Stage, page: Page) -> None:
    card = challenger(page)
    expect(card).not_to_contain_text("Off by 0.02")

    press(card.get_by_role("button", name="Details…"), stage)

    shown = page.get_by_role("dialog", name="Details of a version")
    expect(shown).to_contain_text("Calibration: Off by 0.02 on average")
    expect(shown).to_contain_text("Learned from 2013-01-01 to 2013-01-21")
    page.screenshot(path=SCREENSHOTS / "app-details.png")
    shown.get_by_role("button", name="Close").first.click()
    expect(shown).to_have_count(0)


def test_an_idea_is_proposed_in_its_form(stage: Stage, page: Page) -> None:
    composer = page.get_by_label("Message #ml-alerts")
    composer.fill("/watch idea flights")
    composer.press("Enter")
    form = page.get_by_role("dialog", name="Propose an idea")
    form.get_by_label("What do you think would help").fill("Wind tells more at the destination.")
    form.get_by_label("What should change").fill("Brier score down by 0.003")
    form.get_by_label("Who tries it?").select_option("Grace")
    page.screenshot(path=SCREENSHOTS / "app-idea-form.png")

    press(form.get_by_role("button", name="Propose it"), stage)
    expect(form).to_have_count(0)

    card = message(page, "Wind tells more at the destination.")
    expect(card).to_contain_text("Brier score down by 0.003")
    expect(card).to_contain_text("@Grace")
    [idea] = open_ideas(stage.ports)
    assert idea.proposed_by == "U0ADA"
    assert f"{idea.proposal.kill_by}" == "2013-03-10"


@pytest.mark.usefixtures("stage")
def test_on_a_phone_no_line_of_the_evidence_wraps_and_the_card_fits(
    browser: Browser, desk: Desk
) -> None:
    phone = browser.new_page(viewport=PHONE)
    phone.set_default_timeout(PATIENCE_MS)
    phone.goto(desk.url)

    card = challenger(phone)

    plot = card.get_by_role("code").filter(has_text="no worse")
    expect(plot).to_contain_text("no worse")
    lines, height, line_height = plot.evaluate(
        "e => [e.innerText.trim().split('\\n').length, e.clientHeight,"
        " parseFloat(getComputedStyle(e).lineHeight)]"
    )
    assert lines == 4
    assert height < 5.5 * line_height
    box = card.bounding_box()
    assert box is not None
    assert box["height"] < PHONE["height"]
    expect(card.get_by_role("button", name="Kill…")).to_be_in_viewport()
    phone.screenshot(path=SCREENSHOTS / "app-challenger-phone.png")
    phone.close()
