"""Cases on disk: what every detector reads, in whichever environment it needs.

Workers of other environments import this module: it needs pandas and pyarrow, of any version.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pandas as pd

NATURAL: Final = "natural"

_MANIFEST: Final = "manifest.json"
_PARTITION: Final = "partition"


@dataclass(frozen=True)
class Case:
    """One partition to check, and what is known of it."""

    data_set: str
    at: int
    """Its place among the partitions: so many are its history."""
    key: str
    group: str
    """The class of error, or `natural`."""
    kind: str
    columns: tuple[str, ...]
    """The columns to blame; empty where none is."""

    @property
    def file(self) -> str:
        """Name the file that holds the spoiled partition."""
        return f"{self.at:04d}-{self.kind}.parquet"


@dataclass(frozen=True)
class Manifest:
    """What cases there are, and the hash of all that is in them."""

    seed: int
    hash: str
    cases: tuple[Case, ...]

    def of(self, data_set: str, stride: int) -> dict[int, list[Case]]:
        """Return the cases of a data set by their place, of every `stride`th place only."""
        mine = [case for case in self.cases if case.data_set == data_set]
        places = sorted({case.at for case in mine})[::stride]
        return {at: [case for case in mine if case.at == at] for at in places}

    @property
    def data_sets(self) -> list[str]:
        """Name the data sets in their order."""
        return list(dict.fromkeys(case.data_set for case in self.cases))


@dataclass(frozen=True)
class CaseFolder:
    """A folder with a manifest, and for each data set its partitions and its spoiled ones."""

    path: Path

    def has_manifest(self) -> bool:
        """Say whether the cases are complete: the manifest is written last."""
        return (self.path / _MANIFEST).exists()

    def write_manifest(self, manifest: Manifest) -> None:
        """Write the manifest; do so when all partitions lie there."""
        (self.path / _MANIFEST).write_text(json.dumps(asdict(manifest), indent=1))

    def manifest(self) -> Manifest:
        """Read the manifest."""
        said = json.loads((self.path / _MANIFEST).read_text())
        cases = (Case(**{**case, "columns": tuple(case["columns"])}) for case in said["cases"])
        return Manifest(said["seed"], said["hash"], tuple(cases))

    def write_partitions(self, data_set: str, parts: Iterable[tuple[str, pd.DataFrame]]) -> None:
        """Write a data set's natural partitions, in the order of time."""
        (self.path / data_set).mkdir(parents=True, exist_ok=True)
        named = pd.concat([part.assign(**{_PARTITION: key}) for key, part in parts])
        named.to_parquet(self._partitions(data_set), index=False)

    def partitions(self, data_set: str) -> Iterator[tuple[str, pd.DataFrame]]:
        """Read a data set's natural partitions, in the order of time."""
        rows = pd.read_parquet(self._partitions(data_set))
        for key, part in rows.groupby(_PARTITION, sort=True):
            yield str(key), part.drop(columns=_PARTITION).reset_index(drop=True)

    def write(self, case: Case, partition: pd.DataFrame) -> pd.DataFrame:
        """Write a case's partition and return it as it is read back."""
        partition.to_parquet(self.path / case.data_set / case.file, index=False)
        return self.read(case)

    def read(self, case: Case) -> pd.DataFrame:
        """Read a case's spoiled partition."""
        return pd.read_parquet(self.path / case.data_set / case.file)

    def _partitions(self, data_set: str) -> Path:
        return self.path / data_set / "partitions.parquet"
