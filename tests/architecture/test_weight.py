import subprocess
import sys

import pytest

HEAVY = ("numpy", "pandas", "scipy", "sklearn", "joblib", "pyarrow", "skops")


def loaded_by(module: str) -> set[str]:
    program = f"import {module}, sys; print(' '.join(m for m in sys.modules if '.' not in m))"
    finished = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    return set(finished.stdout.split())


@pytest.mark.parametrize(
    "door", ["bot.app", "functions.handlers.deliver", "functions.handlers.sweep"]
)
def test_a_light_door_loads_no_arrays_and_no_frames(door: str) -> None:
    assert loaded_by(door).isdisjoint(HEAVY)


def test_checking_a_partition_loads_arrow_but_no_frames() -> None:
    loaded = loaded_by("functions.handlers.check_partition")

    assert "pyarrow" in loaded
    assert loaded.isdisjoint({"pandas", "scipy", "sklearn"})


def test_only_pictures_load_the_library_that_draws() -> None:
    assert "matplotlib" not in loaded_by("infra.local.cli, infra.local.backtesting")
    assert "matplotlib" in loaded_by("infra.local.backtest_pictures")
