"""What was scored of a day: the words that stories about scoring share."""

from io import BytesIO

import pandas as pd
from pyarrow import parquet

from core.domain.scored import Scored
from tests.watched_model import WatchedModel

DAY = "2013-01-13"


def log_of(watched: WatchedModel, scored: Scored | None, place: int = 0) -> pd.DataFrame:
    assert scored is not None
    body = watched.ports.objects.get(scored.logs[place].key)
    log: pd.DataFrame = parquet.read_table(BytesIO(body)).to_pandas()
    return log


def stored(watched: WatchedModel) -> Scored | None:
    return watched.ports.records.get(Scored, Scored.id_of("flights", DAY))
