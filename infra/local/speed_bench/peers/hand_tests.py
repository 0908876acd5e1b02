"""A test by hand for each column, both partitions read whole: `... CURRENT REFERENCE`."""

import sys

import pandas as pd
from scipy import stats


def main(current: str, reference: str) -> None:
    """Test each column of one partition against another."""
    now, before = pd.read_parquet(current), pd.read_parquet(reference)
    for name in now:
        if now[name].dtype.kind == "f":
            stats.ks_2samp(before[name].dropna(), now[name].dropna(), method="asymp")
        else:
            counts = pd.concat([before[name].value_counts(), now[name].value_counts()], axis=1)
            stats.chi2_contingency(counts.fillna(0), correction=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
