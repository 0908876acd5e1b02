"""A local Slack with a tiny app, a desk, and a browser that may ask nobody else."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from slack_sdk import WebClient

from infra.local.desk.desk import Desk
from infra.local.desk.doing import Control
from infra.local.slack.local_slack import LocalSlack
from tests.browser.tiny_app import CHANNEL, MANIFEST, SECRET, TOKEN, build_app, card, in_process

DESKTOP = ViewportSize(width=1280, height=900)
PATIENCE_MS = 10_000
NOON = datetime(2013, 2, 8, 12, tzinfo=UTC)
_QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Clock:
    """Each look takes two seconds, so that no post comes too soon; time passes when told to."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> datetime:
        seen, self._now = self._now, self._now + timedelta(seconds=2)
        return seen

    def go_on(self, minutes: int) -> None:
        self._now += timedelta(minutes=minutes)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=[*_QUIET, *sandbox],
        )
        yield browser
        browser.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@contextmanager
def a_slack(clock: Clock) -> Iterator[LocalSlack]:
    """A workspace of two people and two channels, with the tiny app and one card of it."""
    with LocalSlack(SECRET, TOKEN, clock.now) as slack:
        slack.add_user("U0ADA", "Ada Okafor")
        slack.add_user("U0MINA", "Mina Berg")
        slack.add_channel(CHANNEL, "ml-alerts")
        slack.add_channel("C0RELEASES", "ml-releases")
        client = WebClient(TOKEN, base_url=slack.api_url)
        slack.connect(in_process(build_app(client)))
        client.chat_postMessage(channel=CHANNEL, text="delay-model drifted", blocks=card())
        yield slack


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    with a_slack(clock) as slack:
        yield slack


@pytest.fixture
def days() -> list[str]:
    return ["Friday"]


@pytest.fixture
def desk(slack: LocalSlack, days: list[str]) -> Iterator[Desk]:
    people = {"U0ADA": "on call", "U0MINA": "model owner"}
    controls = [Control("Next day", lambda: days.append("Saturday"), lambda: days == ["Friday"])]
    with Desk(
        slack,
        manifest=MANIFEST,
        people=people,
        banner=lambda: f"Replay: {days[-1]}",
        controls=controls,
    ) as desk:
        yield desk


@pytest.fixture
def page(browser: Browser, desk: Desk) -> Iterator[Page]:
    page = browser.new_page(viewport=DESKTOP, timezone_id="Europe/Berlin")
    page.set_default_timeout(PATIENCE_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((desk.url, "data:"))
            else faults.append(f"asked {request.url}")
        ),
    )
    page.goto(desk.url)
    yield page
    page.close()
    assert faults == []
