"""The form that closes an alert: why, in one of six words."""

from typing import Any, Final

from core.adapters.slack.actions import RESOLVE_VIEW
from core.adapters.slack.blocks import Block, cut, escape, option, plain, section
from core.domain.alert import Alert, Disposition

_BLOCK: Final = "disposition"
_CHOICE: Final = "choice"
_MEANING: Final = {
    Disposition.REAL_DRIFT: "Real drift: the world changed",
    Disposition.DATA_BUG: "Data bug: somebody's pipeline broke",
    Disposition.EXPECTED_CHANGE: "Expected change: we knew of it",
    Disposition.DUPLICATE: "Duplicate of another alert",
    Disposition.NOISE: "Noise: nothing was wrong",
    Disposition.FIXED_BY_RETRAIN: "Fixed by a retrain",
}


def resolve_form(alert: Alert) -> Block:
    """Ask why the alert is closed."""
    return {
        "type": "modal",
        "callback_id": RESOLVE_VIEW,
        "private_metadata": alert.id,
        "title": plain("Resolve the alert"),
        "submit": plain("Resolve"),
        "close": plain("Cancel"),
        "blocks": [
            section(f"*{escape(cut(alert.headline, 500))}*"),
            {
                "type": "input",
                "block_id": _BLOCK,
                "label": plain("What was it?"),
                "element": {
                    "type": "radio_buttons",
                    "action_id": _CHOICE,
                    "options": [option(text, value) for value, text in _MEANING.items()],
                },
            },
        ],
    }


def disposition_chosen(view: dict[str, Any]) -> Disposition:
    """Read the answer from the submitted form."""
    chosen = view["state"]["values"][_BLOCK][_CHOICE]["selected_option"]
    return Disposition(chosen["value"])
