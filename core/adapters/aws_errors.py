"""How what boto raises becomes our errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
)

from core.domain.errors import Unavailable

_NOT_ALLOWED: Final = "whoever asks may not do that: see to the rights of these credentials"
_WHY: Final = {
    "AccessDenied": _NOT_ALLOWED,
    "AccessDeniedException": _NOT_ALLOWED,
    "NoSuchBucket": "there is no bucket of this name",
    "PermanentRedirect": "the bucket lies in another region: set AWS_DEFAULT_REGION",
    "AuthorizationHeaderMalformed": "the bucket lies in another region: set AWS_DEFAULT_REGION",
    "ExpiredToken": "these credentials have expired: sign in again",
    "ExpiredTokenException": "these credentials have expired: sign in again",
    "InvalidAccessKeyId": "AWS does not know the key of these credentials",
    "SignatureDoesNotMatch": "the secret of these credentials is wrong",
    "RequestTimeTooSkewed": "the clock of this machine is wrong",
}
"""What a person can do about what AWS says."""


@contextmanager
def translated(service: str) -> Iterator[None]:
    """Turn what boto raises into `Unavailable`: the runtime tries again."""
    try:
        yield
    except ClientError as error:
        why = _WHY.get(code_of(error))
        said = f"{code_of(error)}, {why}" if why else code_of(error)
        raise Unavailable(f"{service} refused a call: {said}.") from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise Unavailable(f"{service} was not asked: there are no credentials of AWS.") from error
    except (NoRegionError, ProfileNotFound, ParamValidationError) as error:
        said = " ".join(str(error).split()).rstrip(".")
        raise Unavailable(f"{service} was not asked: {said}.") from error
    except BotoCoreError as error:  # no answer, a cut line
        raise Unavailable(f"{service} did not answer.") from error


def code_of(error: ClientError) -> str:
    """Return AWS's name for what went wrong."""
    return error.response["Error"]["Code"]
