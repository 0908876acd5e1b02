"""The README's pictures: the demo's alert about the blizzard, and the year of flights.

Beside each picture stands what it says. Only where the story says something else now is a picture
drawn again, so that another machine's fonts change no file; delete a picture to have it drawn anew.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from core.adapters.folder.objects import FolderObjects
from functions.flows.backtest import Checked, backtest
from infra.local.backtest_pictures import draw_period
from infra.local.config_file import read_config
from infra.local.demo.month import Month
from infra.local.demo.season import FEBRUARY
from infra.local.demo.stage import ROLES, Stage
from infra.local.demo.story import BLIZZARD
from infra.local.desk.desk import Desk
from infra.local.flights import days
from infra.local.flights_folder import write_flights
from infra.local.run import MANIFEST
from tests.browser.conftest import PATIENCE_MS

PICTURES = Path("infra/local/desk/pictures")
VIEWPORT = ViewportSize(width=960, height=900)  # the card fills the channel
CHANGES_WITH_THE_MACHINE = re.compile(r"\d\d:\d\d|\b[0-9a-f]{8}\b")  # times, and ids of versions


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The demo in the morning of the blizzard."""
    with Stage(tmp_path, FEBRUARY.opening) as stage:
        month = Month(stage, {day.name: day for day in days(FEBRUARY.first_day, BLIZZARD[0])})
        month.learn_the_past()
        for _day in month.watched_days():
            stage.step()
        yield stage


@pytest.fixture
def page(browser: Browser, stage: Stage) -> Iterator[Page]:
    manifest = yaml.safe_load(MANIFEST.read_text())
    with Desk(stage.slack, manifest=manifest, people=ROLES) as desk:
        page = browser.new_page(viewport=VIEWPORT, timezone_id="UTC")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(desk.url)
        yield page
        page.close()


def test_the_readme_shows_the_blizzards_alert_before_and_after_one_click(
    page: Page, stage: Stage
) -> None:
    card = page.get_by_role("log").get_by_role("article").filter(has_text=BLIZZARD[0])
    expect(card).to_contain_text("Nobody has it yet")
    drawn = [draw_if_it_says_something_new("before", card)]

    with page.expect_response("**/act"):
        card.get_by_role("button", name="Acknowledge").click()
    stage.step()
    expect(card).to_contain_text("@Ada has it")
    page.mouse.move(0, 0)
    drawn.append(draw_if_it_says_something_new("after", card))

    assert not any(drawn), "a picture of the README is drawn anew: look at it and commit it"


def draw_if_it_says_something_new(name: str, card: Locator) -> bool:
    picture, words = PICTURES / f"{name}.png", PICTURES / f"{name}.txt"
    says = CHANGES_WITH_THE_MACHINE.sub("…", card.inner_text()) + "\n"
    if picture.exists() and words.exists() and words.read_text(encoding="utf-8") == says:
        return False
    card.screenshot(path=picture)
    words.write_text(says, encoding="utf-8")
    return True


def test_the_readme_shows_the_year_of_flights_as_the_checks_see_it(tmp_path: Path) -> None:
    config = read_config(Path("infra/models/flights.yaml"))
    write_flights(tmp_path)
    checks = list(backtest(config, config.data.features, FolderObjects(tmp_path)))
    picture, numbers = PICTURES / "year.png", PICTURES / "year.json"
    says = "[\n" + ",\n".join(map(shown_of, checks)) + "\n]\n"

    is_new = not (picture.exists() and numbers.exists() and numbers.read_text() == says)
    if is_new:
        draw_period(config.model, checks, picture)
        numbers.write_text(says)

    assert not is_new, "the README's year is drawn anew: look at it and commit it"


def shown_of(checked: Checked) -> str:
    """Say what the picture shows of a partition, a line each."""
    verdict = checked.verdict
    shown: dict[str, object] = {"partition": checked.partition, "score": round(verdict.score, 2)}
    if verdict.is_broken:
        shown |= {"class": verdict.error_class, "sentence": verdict.sentence}
    if checked.alert is not None:
        shown["goes_on_since"] = checked.alert.partition
    return json.dumps(shown, ensure_ascii=False)
