"""File a row that was predicted wrong: later versions are judged by it and never learn from it."""

from core.domain.access import Verb
from core.domain.errors import Busy
from core.domain.failure import (
    MOST_FAILURES,
    Failure,
    Filing,
    TooManyFailures,
    refuse_key,
    truth_of,
)
from core.domain.person import Person
from core.flows.permit import permit
from core.ports import Ports, changed, new

_ATTEMPTS = 5


def file_failure(model: str, filing: Filing, by: Person, ports: Ports) -> Failure:
    """Keep the row; filed again, what is said last counts, and who said otherwise stays known.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person may not.
        WrongKey, WrongLabel: no row can be named so, or the target has no such label.
        TooManyFailures: no more can be filed.
        Busy: others kept filing the same row.
    """
    config = permit(Verb.REPORT, by, model, ports)
    refuse_key(filing.key)
    if filing.label is not None:
        truth_of(filing.label, config.target)
    failure_id = Failure.id_of(model, filing.partition, filing.key)
    for _ in range(_ATTEMPTS):
        before = ports.records.get(Failure, failure_id)
        if before is None and len(filed_failures(model, ports)) >= MOST_FAILURES:
            raise TooManyFailures(model)
        failure = Failure(
            id=failure_id,
            revision=before.revision if before else 0,
            model=model,
            partition=filing.partition,
            key=filing.key,
            label=filing.label,
            filed_by=by.id,
            filed_at=ports.now(),
        )
        opinions = (before or failure.model_copy(update={"label": None})).opinions_with(
            by.id, filing.label
        )
        failure = failure.model_copy(update={"opinions": opinions})
        if ports.records.commit(changed(failure) if before else new(failure)):
            return failure
    raise Busy


def filed_failures(model: str, ports: Ports) -> list[Failure]:
    """Read all of a model's, by partition and row."""
    return ports.records.query(Failure, f"failures:{model}", limit=MOST_FAILURES)
