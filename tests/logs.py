"""The prediction log as it lies in the store."""

from io import BytesIO

import pyarrow as pa
from pyarrow import parquet

from core.domain.scored import Logged
from core.ports import Objects
from functions.arrays import Floats


def log_table(logged: Logged, objects: Objects) -> pa.Table:
    """Read all that is logged of one version for a partition."""
    return pa.concat_tables(parquet.read_table(BytesIO(objects.get(key))) for key in logged.keys)


def served_of(logged: Logged, objects: Objects) -> Floats:
    """Read what was served of each row; NaN of rows of which nothing was."""
    served: Floats = log_table(logged, objects).column("served").to_numpy()
    return served
