"""Real wines of three cultivars, and their predictions in the order of the classes."""

import pandas as pd

from functions.arrays import Floats
from functions.data.logged_predictions import LoggedPredictions
from tests.real_tables import wine
from tests.watched_model import WatchedModel

WINE = wine()
LEARNED, DAY, NEXT = WINE.days[:8], WINE.days[8], WINE.days[9]


def probabilities(log: LoggedPredictions, watched: WatchedModel) -> Floats:
    found = log.for_target(watched.config.target)
    assert found is not None
    return found


def in_order(truths: pd.DataFrame, keys: "pd.Index[str]") -> list[str]:
    return truths.set_index("row")["truth"].loc[list(keys)].tolist()
