"""Let a rule tell less for three months, as an alert of it proposed; or tell everything again."""

from datetime import timedelta
from typing import Final

from core.domain.access import Verb
from core.domain.alert import Alert
from core.domain.ids import AlertId
from core.domain.ledger import rule_in_words, rule_of
from core.domain.person import Person
from core.domain.quiet import AlreadyQuiet, NothingToQuieten, Quiet
from core.domain.timeline import Line
from core.flows.change import change
from core.flows.permit import permit
from core.flows.telling import told, wake
from core.ports import Ports, Write, changed, new

_LASTS: Final = timedelta(days=90)  # a rule that nobody looks at again is forgotten


def quieten(alert_id: AlertId, by: Person, ports: Ports) -> Alert:
    """Post of the alert's rule only what is as far beyond its limit as the alert proposes.

    What is not posted stays in the queue, behind the rest; what pages is posted in any case.

    Raises:
        Unknown: there is no such alert.
        NotAllowed: the person may not.
        NothingToQuieten: the alert proposes nothing.
        AlreadyQuiet: the rule tells less already.
    """

    def step(alert: Alert) -> tuple[Alert, list[Write]]:
        permit(Verb.QUIETEN, by, alert.model, ports)
        if alert.fewer is None:
            raise NothingToQuieten
        before = ports.records.get(Quiet, Quiet.id_of(alert.model, rule_of(alert)))
        if before is not None and before.is_in_force(ports.now()):
            raise AlreadyQuiet(before.by, before.until)
        after = alert.model_copy(update={"fewer": None})
        quiet = _quiet(alert, before, by, ports)
        what = (
            f"made {rule_in_words(quiet.rule)} of {alert.model} quieter until {quiet.until}: "
            f"{quiet.because}"
        )
        stored = new(quiet) if before is None else changed(quiet)
        noted = new(Line.of(quiet, by, "let it tell less", ports.now()))
        return after, [stored, noted, *told(after, after.channel, by, what, ports)]

    after = change(Alert, alert_id, step, ports)
    wake(after, after.channel, ports)
    return after


def _quiet(alert: Alert, before: Quiet | None, by: Person, ports: Ports) -> Quiet:
    if alert.fewer is None:
        raise NothingToQuieten
    until = (ports.now() + _LASTS).date()
    if before is not None:
        return before.asked_by(alert.fewer, by, until)
    rule = rule_of(alert)
    return Quiet(
        id=Quiet.id_of(alert.model, rule),
        model=alert.model,
        rule=rule,
        at_least=alert.fewer.at_least,
        because=alert.fewer.backtest,
        by=by.id,
        until=until,
    )


def tell_all_again(quiet_id: str, by: Person, ports: Ports) -> Quiet:
    """Let a rule post everything again.

    Raises:
        Unknown: there is no such rule.
        NotAllowed: the person may not.
        NotQuiet: it does already.
    """

    def step(quiet: Quiet) -> tuple[Quiet, list[Write]]:
        permit(Verb.QUIETEN, by, quiet.model, ports)
        ended = quiet.ended(ports.now())
        return ended, [new(Line.of(ended, by, "let it tell everything again", ports.now()))]

    return change(Quiet, quiet_id, step, ports)
