"""How large a partition is; apart from whoever makes one, because those who measure stay small."""

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
