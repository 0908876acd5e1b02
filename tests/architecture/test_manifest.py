import re
from pathlib import Path

import yaml

from bot.listeners import watch
from core.adapters.slack import actions

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "infra/slack-manifest.yml").read_text())
LISTENERS = [path.read_text() for path in (ROOT / "bot/listeners").glob("*.py")]


def test_the_commands_of_the_manifest_are_the_ones_that_are_listened_to() -> None:
    declared = {command["command"] for command in MANIFEST["features"]["slash_commands"]}

    assert declared == set(watch.COMMANDS)


def test_the_shortcut_of_the_manifest_is_the_one_that_is_listened_to() -> None:
    [shortcut] = MANIFEST["features"]["shortcuts"]

    assert shortcut["callback_id"] == actions.BUG_SHORTCUT


def test_every_action_has_exactly_one_listener() -> None:
    names = {name for name, value in vars(actions).items() if str(value).endswith(".v1")}

    for name in sorted(names):
        listeners = [text for text in LISTENERS if re.search(rf"@app\.\w+\({name}\)", text)]
        assert len(listeners) == 1, name
