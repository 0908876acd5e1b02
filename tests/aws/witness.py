"""The emulator, writing down which rights are made use of; run as a program in its place."""

import json
import threading
from pathlib import Path
from typing import Any, Final, NamedTuple

RIGHTS_FILE: Final = "rights.jsonl"


class Use(NamedTuple):
    """One time that a role was asked for: what it did, or would have done."""

    role: str
    """The role's name."""
    action: str
    resource: str
    """An ARN."""
    was_allowed: bool


def uses_in(folder: Path) -> set[Use]:
    """Read what was written down."""
    return {Use(*json.loads(line)) for line in (folder / RIGHTS_FILE).read_text().splitlines()}


def main() -> None:
    """Serve as the emulator does; each decision about a role is a line of the file."""
    from ministack import app  # noqa: PLC0415 - for the program alone: it is heavy
    from ministack.core import iam_evaluator  # noqa: PLC0415 - the same

    evaluate, enforce = iam_evaluator.evaluate, iam_evaluator.enforce
    latest = threading.local()  # what this thread was asked last: a request is decided in one go

    def evaluating(asked: Any, *policies: Any) -> Any:  # noqa: ANN401 - the emulator's own types
        latest.asked = asked
        return evaluate(asked, *policies)

    def enforcing(*request: Any, **more: Any) -> Any:  # noqa: ANN401 - the emulator's own types
        latest.asked = None  # it stays so for root, and for whoever is not known
        refused = enforce(*request, **more)
        if latest.asked is not None:
            _write_down(latest.asked, was_allowed=refused is None)
        return refused

    iam_evaluator.evaluate, iam_evaluator.enforce = evaluating, enforcing
    app.main()


def _write_down(asked: Any, *, was_allowed: bool) -> None:  # noqa: ANN401 - the emulator's own type
    if asked.principal_type != "AssumedRole":
        return
    role = asked.principal_arn.split("/")[1]  # arn:aws:sts::0123:assumed-role/ROLE/session
    use = Use(role, asked.action, asked.resource_arn, was_allowed)
    with Path(RIGHTS_FILE).open("a", encoding="utf-8") as written:
        written.write(f"{json.dumps(use)}\n")


if __name__ == "__main__":
    main()
