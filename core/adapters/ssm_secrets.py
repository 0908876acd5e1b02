"""The secrets on AWS: one SecureString parameter that holds them as JSON."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from core.adapters.aws_errors import translated
from core.config import Secrets, WrongSettings


def ssm_secrets(client: Callable[[], Any], parameter: str) -> Secrets:
    """Read the secrets.

    Raises:
        WrongSettings: one of them is missing.
        Unavailable: the parameter cannot be read.
    """
    with translated("SSM"):
        answer = client().get_parameter(Name=parameter, WithDecryption=True)
    try:
        return Secrets.model_validate_json(answer["Parameter"]["Value"])
    except ValidationError as error:
        raise WrongSettings.of(error) from None  # the cause would print the secrets
