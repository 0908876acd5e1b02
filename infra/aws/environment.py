"""Prints what a deployment tells its functions, so that an operator's shell can say the same.

`eval "$(.venv/bin/python -m infra.aws.environment dev)"`, then `watchkeeper apply my_model.yaml`.
"""

import shlex
import sys
from collections.abc import Iterator

import boto3

_NOT_FOR_PEOPLE = "POWERTOOLS_"


def exports(environment: str) -> Iterator[str]:
    """Read it from the bot, which has what all functions have; secrets are not in it."""
    functions = boto3.client("lambda")
    bot = functions.get_function_configuration(FunctionName=f"watchkeeper-{environment}-bot")
    for name, value in sorted(bot["Environment"]["Variables"].items()):
        if not name.startswith(_NOT_FOR_PEOPLE):
            yield f"export {name}={shlex.quote(value)}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in exports(sys.argv[1]))
