"""The rows of a partition of features, and what tables of their own add: the one way to them."""

from dataclasses import replace

import pyarrow as pa

from core.domain.model_config import ModelConfig
from core.ports import Objects
from functions.data.as_of_tables import AsOfTables
from functions.data.partition_rows import NoKey, PartitionRows, read_landed


def feature_rows(
    config: ModelConfig, partition: str, objects: Objects, tables: AsOfTables | None = None
) -> PartitionRows | None:
    """Read the features of a partition, the rows that lack a key too; `None` when there are none.

    Args:
        config: says where they lie, and what is joined to them.
        partition: which one.
        objects: the store.
        tables: those that are joined, where several partitions are read; `None`: read for this one.

    Raises:
        BadData: the partition or a table breaks its contract.
    """
    data = config.data
    rows = read_landed(data.features, partition, data.key, objects, data.apart)
    return rows and with_tables(config, partition, rows, objects, tables)


def with_tables(
    config: ModelConfig,
    partition: str,
    rows: PartitionRows,
    objects: Objects,
    tables: AsOfTables | None = None,
) -> PartitionRows:
    """Join rows that landed for a partition to the tables of their own that the config names.

    Raises:
        BadData: a table breaks its contract.
    """
    tables = tables or as_of_tables(config, objects)
    if tables is None:
        return rows
    around = tables.around(partition)
    joined, joined_hash = around.joined(rows.table)
    return replace(rows, table=joined, joined_hash=joined_hash, tables=around.used)


def landed_features(
    config: ModelConfig, partition: str, objects: Objects, tables: AsOfTables | None = None
) -> PartitionRows | None:
    """Read the rows of a partition as a version learns from them, labels aside; each key once.

    Raises:
        BadData: as above, or a row has no key.
    """
    rows = feature_rows(config, partition, objects, tables)
    if rows is not None and rows.table.column(config.data.key).null_count:
        raise NoKey(config.data.key, config.data.features, partition, "it has empty values")
    return rows.without_duplicates(config.data.key) if rows else None


def as_read_by(
    made_with: ModelConfig,
    in_force: ModelConfig,
    rows: pa.Table,
    partition: str,
    objects: Objects,
) -> pa.Table:
    """Join rows as the config of a version says, where that in force joins other tables by now.

    A column that lands with the features by now is taken from there.

    Args:
        made_with: the config that the version was made with.
        in_force: by which the rows were read.
        rows: features of one partition.
        partition: which one.
        objects: the store.

    Raises:
        CannotJoin: as ever.
    """
    now = in_force.data.as_of
    landed = {*rows.column_names} - {*in_force.data.joined}
    others = tuple(
        table
        for table in made_with.data.as_of
        if table not in now and landed.isdisjoint(table.columns)
    )
    if not others:
        return rows
    data = made_with.data.model_copy(update={"as_of": others})
    tables = as_of_tables(made_with.model_copy(update={"data": data}), objects)
    bare = rows.drop_columns([name for name in data.joined if name in rows.column_names])
    return tables.around(partition).joined(bare)[0] if tables else bare


def as_of_tables(config: ModelConfig, objects: Objects) -> AsOfTables | None:
    """Take the tables that a config joins, for several partitions; `None` without any."""
    if not config.data.as_of:
        return None
    return AsOfTables(config.data, numbers_of(config), objects)


def numbers_of(config: ModelConfig) -> list[str]:
    """Name the features that are numbers."""
    return [name for name, column in config.columns.items() if column.type == "number"]
