"""Evidently's drift preset as its documentation starts: `... CURRENT REFERENCE`."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset


def main(current: str, reference: str) -> None:
    """Run the preset on one partition against another."""
    Report([DataDriftPreset()]).run(pd.read_parquet(current), pd.read_parquet(reference)).dict()


if __name__ == "__main__":
    main(*sys.argv[1:])
