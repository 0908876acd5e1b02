"""A package with trainers of a team's own, good ones and bad ones, where Python finds it."""

from pathlib import Path
from typing import Final

import pytest

_MODULE: Final = """
import os, signal
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.impute import SimpleImputer


def shallow(features, labels, parameters, seed):
    numbers = make_column_transformer((SimpleImputer(), ["distance"]))
    return make_pipeline(numbers, LogisticRegression(**parameters)).fit(features, labels)


def throws(features, labels, parameters, seed):
    raise KeyError("no column `speed`")


def throws_without_a_word(features, labels, parameters, seed):
    raise RuntimeError


def hangs(features, labels, parameters, seed):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    if os.fork() == 0:
        signal.pause()
    signal.pause()


def leaves(features, labels, parameters, seed):
    os._exit(3)


def returns_none(features, labels, parameters, seed):
    return None


def unfitted(features, labels, parameters, seed):
    return make_pipeline(LogisticRegression())


def of_numbers(features, labels, parameters, seed):
    return LinearRegression().fit(features[["distance"]].fillna(0), labels)


def of_other_columns(features, labels, parameters, seed):
    rows = features[["distance"]].fillna(0).rename(columns={"distance": "speed"})
    return LogisticRegression().fit(rows, labels)


def of_other_labels(features, labels, parameters, seed):
    return shallow(features, labels + 1, parameters, seed)


class Hopeful(LogisticRegression):
    pass


def own_type(features, labels, parameters, seed):
    return Hopeful().fit(features[["distance"]].fillna(0), labels)


def prints(features, labels, parameters, seed):
    print("rows:", len(features), parameters, seed, sorted(set(labels)))
    return shallow(features, labels, {}, seed)


not_callable = 3
"""


def install_trainers(folder: Path, monkeypatch: pytest.MonkeyPatch, package: str = "ours") -> Path:
    """Write the package into a folder that Python looks into; returns the module's file."""
    (folder / package).mkdir(parents=True)
    (folder / package / "__init__.py").write_text("")
    module = folder / package / "trainers.py"
    module.write_text(_MODULE)
    monkeypatch.syspath_prepend(folder)
    return module
