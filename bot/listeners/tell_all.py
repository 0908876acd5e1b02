"""The Tell everything again button of a quiet rule in `/watch rules`."""

from typing import Any

from slack_bolt import Ack, App, Respond

from bot.payloads import Body, person
from core.adapters.slack.actions import TELL_ALL
from core.domain.ledger import rule_in_words
from core.flows.quieten import tell_all_again
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for the button."""

    @app.action(TELL_ALL)
    def on_click(ack: Ack, action: dict[str, Any], body: Body, respond: Respond) -> None:
        ack()
        ended = tell_all_again(action["value"], person(body), ports)
        said = f"{rule_in_words(ended.rule)} of `{ended.model}` are posted again, all of them."
        respond(text=said, response_type="ephemeral", replace_original=False)
