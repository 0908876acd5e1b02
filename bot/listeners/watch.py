"""The slash commands: /watch with every verb, and the short forms of three of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.modals.failures_screen import failures_screen, flagged
from bot.modals.idea_form import idea_form
from bot.modals.idea_screen import ideas_screen
from bot.modals.incident_form import incident_form
from bot.modals.resolve_form import resolve_form
from bot.modals.rules_screen import rules_screen
from bot.modals.screens import (
    help_screen,
    model_screen,
    queue_screen,
    served_screen,
    status_screen,
)
from bot.payloads import Body, person
from core.adapters.slack.blocks import Block, context, cut, escape, section, some
from core.adapters.slack.cards import card_of
from core.domain.alert import Priority
from core.domain.errors import Refusal
from core.domain.failure import Filing
from core.domain.ids import AlertId, IncidentId
from core.domain.person import Person
from core.domain.wording import names
from core.flows.acknowledge import acknowledge
from core.flows.ask_retrain import ask_retrain
from core.flows.file_failure import file_failure, filed_failures
from core.flows.ledger import ledger, quiet_rules
from core.flows.model_state import model_state
from core.flows.overview import (
    alert_of,
    challenger_of,
    champion_to_roll_back,
    overview,
    queue,
    served,
)
from core.flows.permit import config_of, models_in_force
from core.flows.prioritise import prioritise
from core.flows.propose_idea import ideas_of
from core.flows.report_incident import export_incident
from core.ports import Ports

_MOST_DOCUMENT: Final = 2900
_MOST_CAUSES, _MOST_CAUSE = 10, 250
_WHOLE_CARD: Final = "`watchkeeper card MODEL` prints all of it."


@dataclass(frozen=True)
class Command:
    """One command as somebody typed it."""

    words: tuple[str, ...]
    """What stands behind the verb."""
    by: Person
    trigger_id: str
    client: WebClient
    ports: Ports

    def word(self, position: int, what: str) -> str:
        """Return a word, or refuse and say which one is missing."""
        if position >= len(self.words):
            raise MissingWord(what, models_in_force(self.ports) if what == "model" else ())
        return self.words[position]


class MissingWord(Refusal):
    """The command stops too early."""

    def __init__(self, what: str, known: Sequence[str] = ()) -> None:
        in_force = f" In force: {names(known)}." if known else ""
        super().__init__(f"Please name the {what} as well; `/watch help` shows how.{in_force}")


class UnknownVerb(Refusal):
    """Nobody knows this verb."""

    def __init__(self, verb: str) -> None:
        close = get_close_matches(verb, _VERBS, n=1)
        meant = f"Did you mean `/watch {close[0]}`? " if close else ""
        said = f"I do not know `{escape(cut(verb, 40))}`. {meant}"
        super().__init__(f"{said}`/watch help` has the verbs.")


class UnknownPriority(Refusal):
    """A priority that does not exist."""

    def __init__(self, given: str) -> None:
        super().__init__(f"`{escape(cut(given, 40))}` is no priority: P1, P2, P3 or P4.")


Answer = list[Block] | None
"""What is whispered back; `None` when a form was opened instead."""


def register(app: App, ports: Ports) -> None:
    """Listen for the commands."""

    def on_command(ack: Ack, body: Body, client: WebClient) -> None:
        verb, words = _verb_and_words(body["command"], body.get("text") or "")
        answer = _VERBS.get(verb, _unknown(verb))(
            Command(words, person(body), body["trigger_id"], client, ports)
        )
        if answer is None:
            ack()
        else:
            ack(response_type="ephemeral", blocks=answer, text=f"Watchkeeper: {verb}")

    for command in COMMANDS:
        app.command(command)(on_command)


def _verb_and_words(command: str, text: str) -> tuple[str, tuple[str, ...]]:
    words = tuple(text.split())
    if command in _SHORT:
        return _SHORT[command], words
    return (words[0].lower(), words[1:]) if words else ("status", ())


def _status(command: Command) -> Answer:
    return status_screen(overview(command.ports))


def _queue(command: Command) -> Answer:
    return queue_screen(queue(command.ports))


def _help(_command: Command) -> Answer:
    return help_screen()


def _acknowledge(command: Command) -> Answer:
    taken = acknowledge(AlertId(command.word(0, "alert")), command.by, command.ports)
    return [section(f"You have it: *{escape(taken.headline)}*")]


def _prioritise(command: Command) -> Answer:
    alert_id, given = command.word(0, "alert"), command.word(1, "priority").upper()
    if given not in list(Priority):
        raise UnknownPriority(given)
    urgent = prioritise(AlertId(alert_id), Priority(given), command.by, command.ports)
    return [section(f"Noted: *{escape(urgent.headline)}*")]


def _resolve(command: Command) -> Answer:
    alert = alert_of(command.word(0, "alert"), command.ports)
    command.client.views_open(trigger_id=command.trigger_id, view=resolve_form(alert))
    return None


def _incident(command: Command) -> Answer:
    alert = alert_of(command.word(0, "alert"), command.ports)
    command.client.views_open(trigger_id=command.trigger_id, view=incident_form(alert))
    return None


def _report(command: Command) -> Answer:
    incident = command.word(0, "incident")
    document = export_incident(IncidentId(incident), command.ports)
    return [section(f"```{escape(cut(document, _MOST_DOCUMENT))}```")]


def _retrain(command: Command) -> Answer:
    model = command.word(0, "model")
    idea = command.word(2, "idea") if command.words[1:2] == ("idea",) else None
    ask_retrain(model, command.by, command.ports, idea=idea)
    return [section(f"A training of `{model}` starts. The channel hears what comes of it.")]


def _idea(command: Command) -> Answer:
    model = command.word(0, "model")
    config_of(model, command.ports)
    form = idea_form(model, command.by, command.ports.now().date())
    command.client.views_open(trigger_id=command.trigger_id, view=form)
    return None


def _ideas(command: Command) -> Answer:
    model = command.word(0, "model")
    return ideas_screen(model, ideas_of(model, command.ports))


def _promote(command: Command) -> Answer:
    model = command.word(0, "model")
    challenger = challenger_of(model, command.ports)
    if challenger is None:
        return [section(f"No version of `{model}` wants to be promoted.")]
    return card_of(challenger).blocks


def _rollback(command: Command) -> Answer:
    model = command.word(0, "model")
    return card_of(champion_to_roll_back(model, command.ports)).blocks


def _served(command: Command) -> Answer:
    model = command.word(0, "model")
    return served_screen(model, served(model, command.ports))


def _model(command: Command) -> Answer:
    state = model_state(command.word(0, "model"), command.ports)
    return model_screen(state, command.ports.now())


def _flag(command: Command) -> Answer:
    model, day, key = (command.word(n, what) for n, what in enumerate(("model", "day", "row")))
    label = " ".join(command.words[3:]) or None
    filing = Filing.of(day, key, label)
    failure = file_failure(model, filing, command.by, command.ports)
    return flagged(failure, config_of(model, command.ports))


def _failures(command: Command) -> Answer:
    config = config_of(command.word(0, "model"), command.ports)
    return failures_screen(config, filed_failures(config.model, command.ports))


def _card(command: Command) -> Answer:
    from core.flows.model_card import model_card  # noqa: PLC0415 - a cold start need not wait for it

    document = model_card(command.word(0, "model"), command.ports).as_markdown()
    return [section(f"```{escape(cut(document, _MOST_DOCUMENT))}```"), context(_WHOLE_CARD)]


def _explain(command: Command) -> Answer:
    from core.flows.explain import explain  # noqa: PLC0415 - a cold start need not wait for it

    model, one, other = (command.word(n, what) for n, what in enumerate(("model", "A", "B")))
    found = explain(model, one, other, command.ports)
    causes = [escape(cut(cause.words, _MOST_CAUSE)) for cause in found.causes]
    listed = some(causes, _MOST_CAUSES) or "Nothing that is written down differs."
    return [section(f"*{escape(model)}* {escape(found.headline)}"), section(listed)]


def _rules(command: Command) -> Answer:
    model = command.word(0, "model")
    return rules_screen(model, ledger(model, command.ports), quiet_rules(model, command.ports))


def _unknown(verb: str) -> Callable[[Command], Answer]:
    def refuse(_command: Command) -> Answer:
        raise UnknownVerb(verb)

    return refuse


_SHORT: Final = {"/promote": "promote", "/rollback": "rollback", "/incident": "incident"}

COMMANDS: Final = ("/watch", *_SHORT)

_VERBS: Final[dict[str, Callable[[Command], Answer]]] = {
    "status": _status,
    "queue": _queue,
    "help": _help,
    "acknowledge": _acknowledge,
    "prioritise": _prioritise,
    "resolve": _resolve,
    "incident": _incident,
    "report": _report,
    "retrain": _retrain,
    "idea": _idea,
    "ideas": _ideas,
    "promote": _promote,
    "rollback": _rollback,
    "served": _served,
    "model": _model,
    "rules": _rules,
    "explain": _explain,
    "flag": _flag,
    "failures": _failures,
    "card": _card,
}
