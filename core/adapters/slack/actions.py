"""The names under which Slack sends clicks back. Posted messages hold them: add, never rename."""

from typing import Final

from core.domain.base import Value
from core.domain.ids import VersionId

ACKNOWLEDGE: Final = "alert.acknowledge.v1"
TAKE: Final = "queue.acknowledge.v1"
RESOLVE: Final = "alert.resolve.v1"
MORE: Final = "alert.more.v1"
RETRAIN: Final = "alert.retrain.v1"
QUIETEN: Final = "rule.quieten.v1"
TELL_ALL: Final = "rule.tell_all.v1"
PROMOTE: Final = "version.promote.v1"
ASK_EXCEPTION: Final = "version.ask_exception.v1"
APPROVE_EXCEPTION: Final = "version.approve_exception.v1"
KILL: Final = "version.kill.v1"
ROLL_BACK: Final = "version.roll_back.v1"
DETAILS: Final = "version.details.v1"
CLOSE_INCIDENT: Final = "incident.close.v1"
ACCEPT_CONTRACT: Final = "contract.accept.v1"
KEEP_CONTRACT: Final = "contract.keep.v1"

RESOLVE_VIEW: Final = "alert.resolve_form.v1"
EXCEPTION_VIEW: Final = "version.exception_form.v1"
REPORT_VIEW: Final = "alert.report_form.v1"
CLOSE_VIEW: Final = "incident.close_form.v1"
BUG_VIEW: Final = "bug.report_form.v1"
IDEA_VIEW: Final = "idea.propose_form.v1"
BUG_SHORTCUT: Final = "bug.report.v1"

REPORT_CHOICE: Final = "report"
"""The entry of an alert's overflow menu that opens the incident form; the others set a priority."""


class MenuChoice(Value):
    """What an entry of an alert's overflow menu carries."""

    alert: str
    choice: str
    """`P1` … `P4` or `report`."""


class PointerMove(Value):
    """What a button of a version carries: which one, and what the person saw."""

    model: str
    version: VersionId
    champion: VersionId | None
