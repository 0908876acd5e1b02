"""How people are reached while Slack is not, on AWS: a topic."""

from collections.abc import Callable
from typing import Any, Final

from core.adapters.aws_errors import translated

_MAX_SUBJECT_CHARS: Final = 99  # SNS refuses a subject of 100 characters or more


class SnsSecondRoute:
    """Publishes to an SNS topic, to which people subscribe by mail or phone."""

    def __init__(self, client: Callable[[], Any], topic_arn: str) -> None:
        self._client = client
        self._topic_arn = topic_arn

    def tell(self, headline: str, text: str) -> None:
        """See SecondRoute."""
        with translated("SNS"):
            self._client().publish(
                TopicArn=self._topic_arn,
                Subject=_subject(headline),
                Message=f"{headline}\n\n{text}",
            )


def _subject(headline: str) -> str:
    """Return what SNS takes as a subject: one line of ASCII; the message has the rest."""
    one_line = " ".join(headline.split())
    return one_line.encode("ascii", "replace").decode()[:_MAX_SUBJECT_CHARS]
