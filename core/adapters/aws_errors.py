"""How what boto raises becomes our errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from core.domain.errors import Unavailable


@contextmanager
def translated(service: str) -> Iterator[None]:
    """Turn what boto raises into `Unavailable`: the runtime tries again."""
    try:
        yield
    except ClientError as error:
        raise Unavailable(f"{service} refused a call: {code_of(error)}.") from error
    except BotoCoreError as error:  # no answer, no credentials, a cut line
        raise Unavailable(f"{service} did not answer.") from error


def code_of(error: ClientError) -> str:
    """Return AWS's name for what went wrong."""
    return error.response["Error"]["Code"]
