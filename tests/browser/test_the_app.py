"""The real app at the desk: what a person on call sees and does, from the alert to the rollback."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from core.domain.alert import Alert, Disposition
from core.domain.ids import VersionId
from core.domain.incident import Incident
from core.domain.person import Person
from core.domain.serving import Serving
from core.flows.apply_config import apply_config
from core.flows.propose import propose_challenge
from core.flows.raise_alert import raise_alert
from infra.local.demo.season import FEBRUARY
from infra.local.demo.stage import ROLES, Stage
from infra.local.desk.desk import Desk
from infra.local.run import MANIFEST
from tests.browser.conftest import PATIENCE_MS
from tests.browser.on_the_page import PHONE, SCREENSHOTS, message, press
from tests.builders import APPROVERS, a_challenge, a_config, an_alert
from tests.staged import passes_its_gate, store_version


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path, FEBRUARY.opening) as stage:
        config = a_config(access={"approvers": [APPROVERS]})
        apply_config(config, Person.command_line(), stage.ports)
        stage.step()
        yield stage
        assert stage.slack.rejections == []


@pytest.fixture
def desk(stage: Stage) -> Iterator[Desk]:
    manifest = yaml.safe_load(MANIFEST.read_text())
    with Desk(stage.slack, manifest=manifest, people=ROLES) as desk:
        yield desk


def raised(stage: Stage) -> None:
    raise_alert(an_alert(raised_at=stage.clock.now()), stage.ports)
    stage.step()


def stored(stage: Stage) -> Alert:
    alert = stage.ports.records.get(Alert, an_alert().id)
    assert alert is not None
    return alert


def test_an_alert_is_acknowledged_with_one_click(stage: Stage, page: Page) -> None:
    raised(stage)
    card = message(page, "flights · 2013-02-08")
    expect(card).to_contain_text("Nobody has it yet")

    press(card.get_by_role("button", name="Acknowledge"), stage)

    expect(card).to_contain_text("@Ada has it")
    expect(card.get_by_role("button", name="Acknowledge")).to_have_count(0)
    assert stored(stage).owner == "U0ADA"


def test_a_priority_is_set_in_the_menu(stage: Stage, page: Page) -> None:
    raised(stage)
    card = message(page, "flights · 2013-02-08")

    card.get_by_role("button", name="More actions").click()
    press(page.get_by_role("menuitem", name="Set priority P1"), stage)

    expect(card).to_contain_text("P1 · hard error")


def test_an_incident_is_filed_through_the_form(stage: Stage, page: Page) -> None:
    raised(stage)
    card = message(page, "flights · 2013-02-08")
    card.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Report an incident…").click()
    form = page.get_by_role("dialog", name="Report an incident")
    expect(form.get_by_label("Title")).to_have_value(re.compile("^flights on 2013-02-08: wind"))
    form.get_by_label("What is done about the data").fill("Backfill the weather.")
    page.screenshot(path=SCREENSHOTS / "app-incident-form.png")

    press(form.get_by_role("button", name="File the report"), stage)
    expect(form).to_have_count(0)

    report = message(page, "Incident: flights on 2013-02-08")
    expect(report).to_contain_text("Backfill the weather.")
    [incident] = stage.ports.records.query(Incident, "incidents:flights")
    assert incident.commander == "U0ADA"


def test_resolving_asks_why(stage: Stage, page: Page) -> None:
    raised(stage)
    card = message(page, "flights · 2013-02-08")
    card.get_by_role("button", name="Resolve…").click()
    form = page.get_by_role("dialog", name="Resolve the alert")

    form.get_by_label("Data bug").check()
    press(form.get_by_role("button", name="Resolve"), stage)
    expect(form).to_have_count(0)

    expect(card).to_contain_text("@Ada resolved it as data bug")
    assert stored(stage).disposition is Disposition.DATA_BUG


def test_a_challenger_is_promoted_and_rolled_back(stage: Stage, page: Page) -> None:
    for version in ("ver_a", "ver_b"):
        store_version(version, stage.ports)
    propose_challenge(a_challenge("ver_a", against=None, gain=None), stage.ports)
    propose_challenge(a_challenge("ver_b"), stage.ports)
    passes_its_gate(VersionId("ver_b"), stage.ports)
    stage.step()
    challenger = message(page, "stands for promotion").first
    expect(challenger).to_contain_text("over champion a on the same rows: better.")
    page.screenshot(path=SCREENSHOTS / "app-challenger.png")

    challenger.get_by_role("button", name="Promote…").click()
    press(page.get_by_role("dialog").get_by_role("button", name="Promote"), stage)
    assert champion(stage) == "ver_b"
    promoted = message(page, "b").filter(has_text="serves as champion")
    promoted.get_by_role("button", name="Roll back…").click()
    press(page.get_by_role("dialog").get_by_role("button", name="Roll back"), stage)

    expect(message(page, "rolled back").first).to_be_visible()
    assert champion(stage) == "ver_a"


def champion(stage: Stage) -> VersionId | None:
    serving = stage.ports.records.get(Serving, "flights")
    return serving.champion if serving else None


def test_on_a_phone_the_card_fits_and_its_buttons_can_be_reached(
    stage: Stage, browser: Browser, desk: Desk
) -> None:
    raised(stage)
    phone = browser.new_page(viewport=PHONE)
    phone.set_default_timeout(PATIENCE_MS)
    phone.goto(desk.url)

    card = message(phone, "flights · 2013-02-08")

    expect(card.get_by_role("button", name="Acknowledge")).to_be_in_viewport()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.screenshot(path=SCREENSHOTS / "app-phone.png")
    phone.close()
