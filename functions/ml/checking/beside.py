"""Two tables of the same partitions, side by side: so that one limit holds for both."""

from dataclasses import replace

import numpy as np

from functions.ml.checking.compare import Measured
from functions.ml.checking.ruler import Ruler
from functions.ml.checking.series import ROWS


def beside(one: Measured, other: Measured) -> Measured:
    """Put the columns of another table beside those of one, for `compare` alone.

    Relations are left out, and so is what the other table says of rows as a whole.

    Args:
        one: of some partitions.
        other: of the same ones, with columns of other names.
    """
    own = [i for i, series in enumerate(other.series) if series.column != ROWS]
    counts = np.hstack([one.together.counts, other.together.counts])
    return Measured(
        ruler=Ruler({**one.ruler.columns, **other.ruler.columns}, ()),
        together=replace(one.together, counts=counts),
        series=[*one.series, *(other.series[i] for i in own)],
        values=np.hstack([one.values, other.values[:, own]]),
    )
