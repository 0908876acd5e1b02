"""GATE without its clustering, the reference cut into ten partitions: `... CURRENT REFERENCE`."""

import sys

import numpy as np
import pandas as pd

from infra.local.alert_bench.peers.gate_alone import detect_drift, summarize

_KEY = "__partition__"
_PARTITIONS = 10


def main(current: str, reference: str) -> None:
    """Summarise both and compare the summaries."""
    now, before = pd.read_parquet(current), pd.read_parquet(reference)
    columns = list(before)
    parts = np.arange(len(before)) * _PARTITIONS // len(before)
    past = summarize(before.assign(**{_KEY: parts}), columns=columns, partition_key=_KEY)
    [summary] = summarize(now.assign(**{_KEY: _PARTITIONS}), previous_summaries=past)
    detect_drift(summary, past, validity=[], cluster=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
