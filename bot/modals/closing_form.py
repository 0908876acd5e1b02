"""The form that closes an incident: what was done about the data, or why nothing has to be."""

from typing import Any

from core.adapters.slack.actions import CLOSE_VIEW
from core.adapters.slack.blocks import Block, context, cut, escape, plain
from core.domain.incident import Ending, Incident

DATA_ACTION = "data_action"
_REASON = "reason"
_MOST = 3000  # Slack takes no longer answer


def closing_form(incident: Incident) -> Block:
    """Ask for one of the two; what the report says already stands there."""
    return {
        "type": "modal",
        "callback_id": CLOSE_VIEW,
        "private_metadata": incident.id,
        "title": plain("Close the incident"),
        "submit": plain("Close it"),
        "close": plain("Cancel"),
        "blocks": [
            context(escape(cut(incident.report.title, 150))),
            _input(
                DATA_ACTION,
                "What was done about the data",
                "A fix, a backfill, rows for the validation set.",
                incident.report.data_action,
            ),
            _input(_REASON, "Or: why nothing has to be done about it", "One sentence.", None),
        ],
    }


def ending_written(view: dict[str, Any]) -> Ending:
    """Read the answers from the submitted form."""
    answers = view["state"]["values"]
    return Ending(
        data_action=(answers[DATA_ACTION][DATA_ACTION]["value"] or "").strip() or None,
        no_action_because=(answers[_REASON][_REASON]["value"] or "").strip() or None,
    )


def _input(name: str, label: str, hint: str, known: str | None) -> Block:
    element = {"type": "plain_text_input", "action_id": name, "multiline": True}
    element |= {"max_length": _MOST} | ({"initial_value": known} if known else {})
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "hint": plain(hint),
        "optional": True,
        "element": element,
    }
