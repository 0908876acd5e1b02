"""What the deployment's template has to hold: its functions, and what it says of their rights."""

from typing import Any, get_args

from core.domain.job import Function
from tests.aws.osls import Template, listed

DATA_FUNCTIONS = (
    "check_partition",
    "profile_object",
    "score",
    "score_request",
    "shadow",
    "join_labels",
    "retrain",
)
ASYNCHRONOUS = (
    "check_partition",
    "score",
    "shadow",
    "join_labels",
    "retrain",
    "sweep",
    "refresh_people",
)
EVERY_FUNCTION = ("bot", *get_args(Function))
DEAD_LETTERS = {"Fn::GetAtt": ["DeadLetters", "Arn"]}
TELL_PEOPLE = [{"Ref": "SecondRoute"}]


def role_of(template: Template, function: str) -> str:
    """Return the logical id of a function's role."""
    [role, _] = template.function(function)["Role"]["Fn::GetAtt"]
    return str(role)


def grants(template: Template, role: str) -> list[tuple[str, Any]]:
    """Return what a role allows: pairs of action and resource."""
    return [
        (action, resource)
        for statement in template.statements(role)
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    ]


def kinds(template: Template) -> dict[str, str]:
    """Return the kind of each resource."""
    return {name: resource["Type"] for name, resource in template.resources.items()}
