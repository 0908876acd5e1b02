"""The form that asks why a version should be promoted although a rule holds it back."""

from typing import Any, Final

from core.adapters.slack.actions import EXCEPTION_VIEW, PointerMove
from core.adapters.slack.blocks import Block, plain, section
from core.domain.stage_refusals import short

REASON: Final = "reason"
TOO_SHORT: Final = "Please give a reason that somebody else can judge."
_FEWEST: Final = 10
_MOST: Final = 300  # it stands on the card, which is read on a phone


def exception_form(move: PointerMove) -> Block:
    """Ask for the reason; the version goes with the form."""
    return {
        "type": "modal",
        "callback_id": EXCEPTION_VIEW,
        "private_metadata": move.model_dump_json(),
        "title": plain("Ask for an exception"),
        "submit": plain("Ask"),
        "close": plain("Cancel"),
        "blocks": [
            section(
                f"Version `{short(move.version)}` of *{move.model}* cannot be promoted as things "
                "stand. A second person has to approve; your reason stands on its card and in its "
                "history."
            ),
            {
                "type": "input",
                "block_id": REASON,
                "label": plain("Why should it serve now?"),
                "element": {
                    "type": "plain_text_input",
                    "action_id": REASON,
                    "multiline": True,
                    "min_length": _FEWEST,
                    "max_length": _MOST,
                },
            },
        ],
    }


def reason_given(view: dict[str, Any]) -> str | None:
    """Read the reason from the submitted form; `None` when it is blank, or hardly a word."""
    reason = (view["state"]["values"][REASON][REASON]["value"] or "").strip()
    return reason if len(reason) >= _FEWEST else None
