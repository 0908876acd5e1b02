from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from core.domain.partition import days_before
from infra.local.bench import Product


def a_day(ahead: int) -> pd.DataFrame:
    rng = np.random.default_rng(ahead)
    size = rng.normal(10, 2, 200)
    return pd.DataFrame(
        {
            "size": size,
            "weight": size * 3 + rng.normal(0, 0.2, 200),
            "kind": rng.choice(["a", "b"], 200),
        }
    )


def name(ahead: int) -> str:
    return days_before("2013-01-01", -ahead)


@pytest.fixture(scope="module")
def product() -> Product:
    """It has seen forty days, one after the other."""
    found = Product()
    for upto in range(30, 41):
        days = range(upto)
        found.update([a_day(day) for day in days], [name(day) for day in days])
    return found


def test_a_day_like_the_others_does_not_alert(product: Product) -> None:
    alert, score, ranked = product.check(a_day(40), name(40))

    assert not alert
    assert score < 0
    assert {"size", "weight", "kind"} <= set(ranked)


@pytest.mark.parametrize(
    ("column", "spoiled"),
    [
        ("size", lambda day: day.assign(size=day["size"] * 1000)),
        ("size", lambda day: day.assign(size=day["size"].astype(str))),
        ("kind", lambda day: day.assign(kind=day["kind"].str.upper())),
        ("weight", lambda day: day.assign(weight=day["weight"].where(day.index > 20))),
    ],
)
def test_a_spoiled_column_alerts_and_is_blamed_first(
    product: Product, column: str, spoiled: Callable[[pd.DataFrame], pd.DataFrame]
) -> None:
    alert, score, ranked = product.check(spoiled(a_day(40)), name(40))

    assert alert
    assert score >= 0
    assert ranked[0] == column


def test_a_check_needs_a_history() -> None:
    with pytest.raises(ValueError, match="update comes before check"):
        Product().check(a_day(0), name(0))
