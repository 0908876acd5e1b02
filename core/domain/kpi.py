"""The number of the business: arithmetic with what an evaluator counts, and nothing else.

Read by Python's own parser and checked node by node: what is not named here is refused.
"""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Final

from core.domain.target import Task

_OF_ALL: Final = ("rows", "partitions")
COUNTS: Final[dict[Task, tuple[str, ...]]] = {
    "binary": (
        *_OF_ALL,
        "true_positives",
        "false_positives",
        "true_negatives",
        "false_negatives",
        "predicted_ones",
        "actual_ones",
        "sum_score",
        "mean_score",
    ),
    "multiclass": (*_OF_ALL, "correct", "wrong"),
    "regression": (
        *_OF_ALL,
        "sum_error",
        "mean_error",
        "sum_absolute_error",
        "mean_absolute_error",
        "sum_too_high",
        "sum_too_low",
        "sum_predicted",
        "sum_true",
    ),
}
"""What an expression may name, by the task; an error is the prediction less the truth."""

_LARGEST: Final = 1e300
_BINARY: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class NoNumber(ArithmeticError):
    """The expression has no value on these rows; the text says why."""


def kpi_misfit(expression: str, known: Iterable[str]) -> str | None:
    """Say what is wrong with an expression, in words; `None` when nothing is."""
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "it cannot be read; write arithmetic such as `2 * rows - 3`"
    return _misfit(tree, tuple(known))


def kpi_value(expression: str, counts: Mapping[str, float]) -> float:
    """Compute an expression that was found good.

    Raises:
        NoNumber: it divides by zero, or the result is no number that can be written.
    """
    tree = ast.parse(expression.strip(), mode="eval").body
    try:
        value = _value(tree, counts)
    except ZeroDivisionError as error:
        raise NoNumber("it divides by zero on these rows") from error
    if not isfinite(value):
        raise NoNumber("its value is too large to be written")
    return value


def _misfit(node: ast.expr, known: tuple[str, ...]) -> str | None:
    match node:
        case ast.Constant(value=bool() as truth):
            return f"`{truth}` is no number"
        case ast.Constant(value=(int() | float()) as number):
            # Compared, since a whole number of 300 digits does not fit into a float.
            return None if abs(number) < _LARGEST else "a number in it is too large"
        case ast.Name(id=name):
            return None if name in known else _unknown(name, known)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            return _misfit(operand, known)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _BINARY:
            return _misfit(left, known) or _misfit(right, known)
    return f"`{ast.unparse(node)}` is not offered: only numbers, names and + - * / ( )"


def _unknown(name: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(name, known, n=1)
    if close:
        return f"nothing counted is named `{name}`; did you mean `{close[0]}`?"
    return f"nothing counted is named `{name}`; there are {', '.join(f'`{n}`' for n in known)}"


def _value(node: ast.expr, counts: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=(int() | float()) as number):
            return float(number)
        case ast.Name(id=name):
            return float(counts[name])
        case ast.UnaryOp(op=op, operand=operand):
            value = _value(operand, counts)
            return -value if isinstance(op, ast.USub) else value
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, counts), _value(right, counts))
    raise ValueError(f"{ast.dump(node)} was not checked")
