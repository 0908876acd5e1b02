"""The structure that Slack asks for; whether its names are listened to: tests/architecture."""

import re
from typing import Any

import pytest
import yaml

from tests.aws.osls import ROOT

MANIFEST = yaml.safe_load((ROOT / "infra/slack-manifest.yml").read_text())
COMMANDS = MANIFEST["features"]["slash_commands"]
SETTINGS = MANIFEST["settings"]

SCOPES = {
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:write",
    "usergroups:read",
    "users:read",
}


def test_it_says_only_what_slack_knows() -> None:
    assert set(MANIFEST) == {
        "_metadata",
        "display_information",
        "features",
        "oauth_config",
        "settings",
    }
    assert set(MANIFEST["features"]) == {"app_home", "bot_user", "shortcuts", "slash_commands"}
    assert set(MANIFEST["oauth_config"]) == {"scopes"}
    assert set(SETTINGS) == {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    }


def test_it_keeps_to_slacks_lengths() -> None:
    shown = MANIFEST["display_information"]

    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert len(shown["long_description"]) in range(174, 4001)
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert len(MANIFEST["features"]["bot_user"]["display_name"]) <= 80


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command["command"])
def test_a_command_says_what_it_does_and_how_to_type_it(command: dict[str, Any]) -> None:
    assert set(command) == {"command", "description", "should_escape", "url", "usage_hint"}
    assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000


def test_a_shortcut_says_what_it_does() -> None:
    [shortcut] = MANIFEST["features"]["shortcuts"]

    assert shortcut["type"] == "message"
    assert len(shortcut["name"]) <= 24
    assert len(shortcut["description"]) <= 150
    assert len(shortcut["callback_id"]) <= 255


def test_all_requests_go_to_one_address() -> None:
    addresses = {command["url"] for command in COMMANDS}
    addresses |= {SETTINGS["event_subscriptions"]["request_url"]}
    addresses |= {SETTINGS["interactivity"]["request_url"]}

    [address] = addresses
    assert re.fullmatch(
        r"https://REPLACE-ME\.lambda-url\.[a-z0-9-]+\.on\.aws/slack/events", address
    )


def test_it_asks_for_no_more_than_it_needs() -> None:
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == SCOPES


def test_it_opens_the_home_and_hears_of_it() -> None:
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert SETTINGS["event_subscriptions"]["bot_events"] == ["app_home_opened"]


def test_buttons_work() -> None:
    assert SETTINGS["interactivity"]["is_enabled"] is True
    assert SETTINGS["socket_mode_enabled"] is False


def test_it_turns_nothing_on_that_cannot_be_turned_off() -> None:
    assert SETTINGS["token_rotation_enabled"] is False
    assert SETTINGS["org_deploy_enabled"] is False
