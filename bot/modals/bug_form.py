"""The form of a bug that somebody reports about a message."""

from typing import Any, Final

from core.adapters.slack.actions import BUG_VIEW
from core.adapters.slack.blocks import Block, cut, option, plain

_MODEL: Final = "model"
_TEXT: Final = "text"
_MOST: Final = 1000


def bug_form(models: list[str], quoted: str) -> Block:
    """Ask which model it is about and what was seen.

    Args:
        models: the watched models, at least one; Slack shows 100.
        quoted: the text of the message that was pointed at.
    """
    return {
        "type": "modal",
        "callback_id": BUG_VIEW,
        "title": plain("Report a bug"),
        "submit": plain("Put it in the queue"),
        "close": plain("Cancel"),
        "blocks": [
            {
                "type": "input",
                "block_id": _MODEL,
                "label": plain("Which model?"),
                "element": {
                    "type": "static_select",
                    "action_id": _MODEL,
                    "options": [option(model, model) for model in models[:100]],
                    "initial_option": option(models[0], models[0]),
                },
            },
            {
                "type": "input",
                "block_id": _TEXT,
                "label": plain("What did you see?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": _TEXT,
                    "multiline": True,
                    "max_length": _MOST,
                    "initial_value": cut(quoted, _MOST),
                },
            },
        ],
    }


def bug_written(view: dict[str, Any]) -> tuple[str, str]:
    """Read model and text from the submitted form."""
    answers = view["state"]["values"]
    model = answers[_MODEL][_MODEL]["selected_option"]["value"]
    return model, answers[_TEXT][_TEXT]["value"]
