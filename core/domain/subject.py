"""What a message in Slack can be about."""

from typing import Final

from core.domain.alert import Alert
from core.domain.base import Record
from core.domain.challenge import Challenge
from core.domain.contract_change import ContractChange
from core.domain.hand_over import HandOver
from core.domain.idea import Idea
from core.domain.incident import Incident
from core.domain.outbox import SubjectKind
from core.domain.storm import Storm
from core.domain.timeline import Line

SUBJECTS: Final[dict[SubjectKind, type[Record]]] = {
    "alert": Alert,
    "challenge": Challenge,
    "contract_change": ContractChange,
    "hand_over": HandOver,
    "idea": Idea,
    "incident": Incident,
    "line": Line,
    "storm": Storm,
}
