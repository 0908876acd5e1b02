"""Which entities a canary serves: a share of them, the same ones each day."""

import numpy as np
import pandas as pd

from core.domain.ids import content_hash
from functions.arrays import Flags

_BITS = 53  # of a hash, as many as a float64 can tell apart


def in_canary(keys: "pd.Index[str]", drawn_by: str, share: float) -> Flags:
    """Say of each row whether the canary serves it; shape (rows,).

    A key is placed between 0 and 1 by its hash with the name of the draw, which is the canary's id,
    and served when it lies below the share. So an entity stays where it is from one partition to
    the next, a larger share keeps those that the smaller one had, and the next canary draws others.

    Args:
        keys: of the rows.
        drawn_by: names the draw, `Serving.drawn_by`: another one draws others.
        share: of the entities, 0..1.

    Source: SipHash keyed by the version (Aumasson and Bernstein, 2012), as pandas has it.
    """
    secret = content_hash(drawn_by.encode())[:16]
    hashed = pd.util.hash_array(
        keys.to_numpy(object), encoding="utf8", hash_key=secret, categorize=False
    )
    return (hashed >> np.uint64(64 - _BITS)) / 2.0**_BITS < share
