"""What somebody writes without us: pandas, scikit-learn and joblib, on the same rows.

`python -m infra.local.retrain_bench.plain SETTINGS` with a JSON file that says what to read and how
to fit: nothing of ours is imported.
"""

import json
import sys
from pathlib import Path

import joblib
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OrdinalEncoder

from infra.local.retrain_bench.stopwatch import Stopwatch


def main(settings: Path) -> None:
    """Read the window, keep the newest days back, fit the rest, write the pipeline."""
    said = json.loads(settings.read_text())
    took = Stopwatch()
    days = sorted((Path(said["folder"]) / said["features"]).glob("dt=*"))
    rows = pd.concat([_read(day, said) for day in days], ignore_index=True)
    took.part("read")
    learned = [day.name for day in days[: len(days) - said["validation_days"]]]
    learning = rows[rows["day"].isin(learned) & rows[said["target"]].notna()]
    features = learning[said["categories"] + said["numbers"]]
    took.part("features")
    encode = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    columns = ColumnTransformer(
        [("categories", encode, said["categories"]), ("numbers", "passthrough", said["numbers"])]
    )
    estimator = HistGradientBoostingClassifier(
        **said["parameters"], early_stopping=False, random_state=said["seed"]
    )
    pipeline = Pipeline([("columns", columns), ("estimator", estimator)])
    pipeline.fit(features, learning[said["target"]])
    took.part("fit")
    joblib.dump(pipeline, said["out"])
    took.part("write")
    Path(said["took"]).write_text(json.dumps(took.parts))


def _read(day: Path, said: dict[str, str]) -> pd.DataFrame:
    features = pd.read_parquet(day)
    labels = pd.read_parquet(Path(said["folder"]) / said["labels"] / day.name)
    joined = features.merge(labels[[said["key"], said["target"]]], on=said["key"], how="left")
    return joined.assign(day=day.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
