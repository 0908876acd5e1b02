"""The form of an idea: what, who, what is expected, and until when it is tried."""

from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from core.adapters.slack.actions import IDEA_VIEW
from core.adapters.slack.blocks import Block, context, plain
from core.domain.idea import Proposal, usual_kill_by
from core.domain.person import Person

KILL_BY: Final = "kill_by"


def idea_form(model: str, by: Person, today: date) -> Block:
    """Ask for an idea for a model."""
    return {
        "type": "modal",
        "callback_id": IDEA_VIEW,
        "private_metadata": model,
        "title": plain("Propose an idea"),
        "submit": plain("Propose it"),
        "close": plain("Cancel"),
        "blocks": [
            context(f"For the model `{model}`"),
            _input(
                "hypothesis",
                "What do you think would help, and why?",
                {"type": "plain_text_input", "multiline": True, "max_length": 1000},
            ),
            _input(
                "expected",
                "What should change, and by how much?",
                {"type": "plain_text_input", "max_length": 300},
            ),
            _input("owner", "Who tries it?", {"type": "users_select", "initial_user": by.id}),
            _input(
                KILL_BY,
                "Until when, at the latest?",
                {"type": "datepicker", "initial_date": f"{usual_kill_by(today)}"},
            ),
        ],
    }


def idea_written(view: dict[str, Any]) -> Proposal:
    """Read the idea from the submitted form.

    Raises:
        ValidationError: an answer says nothing.
    """
    answers = {block: values[block] for block, values in view["state"]["values"].items()}
    return Proposal(
        hypothesis=(answers["hypothesis"]["value"] or "").strip(),
        expected=(answers["expected"]["value"] or "").strip(),
        owner=answers["owner"]["selected_user"],
        kill_by=answers[KILL_BY]["selected_date"],
    )


def what_is_missing(error: ValidationError) -> dict[str, str]:
    """Say of each wrong answer what is wrong with it, under the name of its input."""
    return {str(problem["loc"][0]): "Please write something here." for problem in error.errors()}


def _input(name: str, label: str, element: Block) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": {**element, "action_id": name},
    }
