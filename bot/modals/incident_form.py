"""The form of an incident report, prefilled with what the alert knows."""

from typing import Any

from pydantic import ValidationError

from core.adapters.slack.actions import REPORT_VIEW
from core.adapters.slack.blocks import Block, context, escape, option, plain
from core.domain.alert import Alert, Priority
from core.domain.incident import Report, draft


def incident_form(alert: Alert) -> Block:
    """Ask for the report of an alert."""
    known = draft(alert)
    return {
        "type": "modal",
        "callback_id": REPORT_VIEW,
        "private_metadata": alert.id,
        "title": plain("Report an incident"),
        "submit": plain("File the report"),
        "close": plain("Cancel"),
        "blocks": [
            context(f"About {escape(alert.headline)}"),
            _input("title", "Title", {"max_length": 150, "initial_value": known.title}),
            {
                "type": "input",
                "block_id": "priority",
                "label": plain("Priority"),
                "element": {
                    "type": "static_select",
                    "action_id": "priority",
                    "options": [option(priority, priority) for priority in Priority],
                    "initial_option": option(known.priority, known.priority),
                },
            },
            _lines("summary", "What happened", known.summary),
            _lines("impact", "Who was affected, and how", known.impact),
            {
                **_input("data_action", "What is done about the data", {"multiline": True}),
                "optional": True,
                "hint": plain("A fix, a backfill, rows for the validation set. May follow later."),
            },
        ],
    }


def report_written(view: dict[str, Any]) -> Report:
    """Read the report from the submitted form.

    Raises:
        ValidationError: an answer is too short or too long.
    """
    answers = {block: values[block] for block, values in view["state"]["values"].items()}
    return Report(
        title=(answers["title"]["value"] or "").strip(),
        priority=answers["priority"]["selected_option"]["value"],
        summary=(answers["summary"]["value"] or "").strip(),
        impact=(answers["impact"]["value"] or "").strip(),
        data_action=(answers["data_action"]["value"] or "").strip() or None,
    )


def sentences(error: ValidationError) -> dict[str, str]:
    """Say of each wrong answer what is wrong with it, under the name of its input."""
    return {str(problem["loc"][0]): "Please write something here." for problem in error.errors()}


def _lines(name: str, label: str, value: str) -> Block:
    return _input(name, label, {"multiline": True, "max_length": 3000, "initial_value": value})


def _input(name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {"type": "plain_text_input", "action_id": name, **element},
    }
