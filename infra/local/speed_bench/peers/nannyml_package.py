"""NannyML's univariate drift with its defaults: `... CURRENT REFERENCE`."""

import sys

import nannyml
import pandas as pd


def main(current: str, reference: str) -> None:
    """Fit the calculator on one partition and calculate the other."""
    before = pd.read_parquet(reference)
    calculator = nannyml.UnivariateDriftCalculator(column_names=list(before)).fit(before)
    calculator.calculate(pd.read_parquet(current)).to_df()


if __name__ == "__main__":
    main(*sys.argv[1:])
