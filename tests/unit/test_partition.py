import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from core.domain.partition import PartitionName, days_before, split_key, starts_at

NO_DAYS = [
    "2013-02-30",
    "2013-13-01",
    "2013-00-10",
    "0000-01-01",
    "9999-12-31",
    "0001-01-01",
    "2013-2-8",
    "٢٠١٣-٠٢-٠٨",
]


@pytest.mark.parametrize("name", NO_DAYS)
def test_an_object_of_a_day_that_does_not_exist_is_no_partition(name: str) -> None:
    assert split_key(f"flights/features/dt={name}/part-0.parquet") is None


@pytest.mark.parametrize("name", [*NO_DAYS, "2013-02-08\n", ""])
def test_a_day_that_does_not_exist_is_no_name_of_a_partition(name: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(PartitionName).validate_python(name)


@given(st.dates().map(str))
def test_whatever_is_taken_for_a_partition_can_be_reckoned_with(name: str) -> None:
    found = split_key(f"flights/features/dt={name}/part-0.parquet")

    if found is not None:
        assert starts_at(found[1]).date().isoformat() == name
        assert days_before(days_before(name, -3650), 3650) == name
        assert days_before(days_before(name, 3650), -3650) == name
