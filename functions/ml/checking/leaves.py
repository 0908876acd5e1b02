"""Nested dataclasses, tuples and arrays as few plain arrays, and back, whatever their fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Shapes = Sequence[tuple[str, Sequence[int]]]


def taken_apart(tree: object) -> tuple[Shapes, dict[str, NDArray[Any]]]:
    """Put all arrays and numbers of one type behind one another.

    Returns:
        The type and shape of each, in the order of the fields; and one array for each type.
    """
    leaves = list(_leaves(tree))
    shapes = [(leaf.dtype.str, leaf.shape) for leaf in leaves]
    kinds = dict.fromkeys(kind for kind, _ in shapes)
    arrays = {
        kind: np.concatenate([leaf.ravel() for leaf in leaves if leaf.dtype.str == kind])
        for kind in kinds
    }
    return shapes, arrays


def put_together(like: T, shapes: Shapes, arrays: Mapping[str, NDArray[Any]]) -> T:
    """Undo `taken_apart`.

    Args:
        like: something with the same fields, whatever it holds.
        shapes: as `taken_apart` returned them.
        arrays: the same.
    """
    grown: T = _grown(like, iter(_cut(shapes, arrays)))
    return grown


def _leaves(tree: object) -> Iterator[NDArray[Any]]:
    for part in _parts(tree):
        yield from (_leaves(part) if _is_branch(part) else [np.asarray(part)])


def _grown(like: Any, leaves: Iterator[NDArray[Any]]) -> Any:  # noqa: ANN401 - whatever `like` is
    if not _is_branch(like):
        leaf = next(leaves)
        return leaf if isinstance(like, np.ndarray) else type(like)(leaf)
    parts = [_grown(part, leaves) for part in _parts(like)]
    if isinstance(like, tuple):
        return tuple(parts)
    names = [field.name for field in fields(like)]
    return type(like)(**dict(zip(names, parts, strict=True)))


def _is_branch(tree: object) -> bool:
    return isinstance(tree, tuple) or is_dataclass(tree)


def _parts(tree: Any) -> Sequence[Any]:  # noqa: ANN401 - any dataclass has fields
    return (
        tree if isinstance(tree, tuple) else [getattr(tree, field.name) for field in fields(tree)]
    )


def _cut(shapes: Shapes, arrays: Mapping[str, NDArray[Any]]) -> Iterator[NDArray[Any]]:
    ends = dict.fromkeys(arrays, 0)
    for kind, shape in shapes:
        start, size = ends[kind], int(np.prod(shape, dtype=np.int64))
        ends[kind] = start + size
        yield arrays[kind][start : start + size].reshape(shape)
