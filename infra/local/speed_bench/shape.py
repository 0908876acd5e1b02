"""How large a partition is; who measures needs that, without the arrays of who makes one."""

from dataclasses import astuple, dataclass


@dataclass(frozen=True)
class Shape:
    """How large a partition is, and how it is cut."""

    rows: int
    numbers: int
    words: int
    rows_per_group: int

    def arguments(self) -> list[str]:
        """Return the shape as a command line takes it."""
        return [str(value) for value in astuple(self)]
