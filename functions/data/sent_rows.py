"""The features of requested rows beside their predictions: columns `row.<name>`, and `held`."""

from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from functions.arrays import Flags

FEATURE: Final = "row."
AND: Final = "\0"  # between the names in `held`; in no name of a column


def features_in(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Take features out of the rows that were sent, under their own names, where they are there."""
    names = [name for name in columns if f"{FEATURE}{name}" in table.column_names]
    return pa.table([table.column(f"{FEATURE}{name}") for name in names], names=names)


def all_in(table: pa.Table) -> pa.Table:
    """Take all out of the rows that was sent and kept, under its own names."""
    sent = [name for name in table.column_names if name.startswith(FEATURE)]
    return features_in(table, [name.removeprefix(FEATURE) for name in sent])


def where_held(table: pa.Table, columns: Collection[str]) -> Flags:
    """Say in which rows all these features stood, be they `null`."""
    held: list[str] = table.column("held").to_pylist()
    is_enough = {said: {*said.split(AND)} >= {*columns} for said in set(held)}
    return np.array([is_enough[said] for said in held], np.bool_)
