"""All kinds of corruption by the name they have in manifests and tables."""

from dataclasses import dataclass
from typing import Final, Literal

from infra.local.alert_bench.corruptions import drift, hard, soft
from infra.local.alert_bench.corruptions.situation import Corruption

Group = Literal["hard", "soft", "drift"]
GROUPS: Final[tuple[Group, ...]] = ("hard", "soft", "drift")

_PERCENT = (5, 10, 20, 40)


@dataclass(frozen=True)
class Kind:
    """A kind of corruption: its class of error, and what it does."""

    group: Group
    apply: Corruption


KINDS: Final[dict[str, Kind]] = {
    "sign_flip": Kind("hard", hard.multiplied(-1)),
    "unit_x1000": Kind("hard", hard.multiplied(1000)),
    "unit_x0.3048": Kind("hard", hard.multiplied(0.3048)),
    "to_string": Kind("hard", hard.numbers_as_text),
    "constant": Kind("hard", hard.constant),
    "all_null": Kind("hard", hard.all_null),
    "dup_rows": Kind("hard", hard.repeated_rows),
    "truncate": Kind("hard", hard.cut_off),
    "swap_cols": Kind("hard", hard.swapped),
    "cat_case": Kind("hard", hard.other_case),
    "cat_oov": Kind("hard", hard.unseen_category),
    "cat_encoding": Kind("hard", hard.wrong_encoding),
    **{f"null_{p}": Kind("soft", soft.some_null(p / 100)) for p in _PERCENT},
    **{f"zero_{p}": Kind("soft", soft.some_set_to(0, p / 100)) for p in _PERCENT},
    **{f"minus1_{p}": Kind("soft", soft.some_set_to(-1, p / 100)) for p in _PERCENT},
    "stale_col": Kind("soft", soft.stale_column),
    "stale_all": Kind("soft", soft.stale_partition),
    **{f"mean_{d}": Kind("drift", drift.shifted(d)) for d in (0.25, 0.5, 1)},
    **{f"scale_{f}": Kind("drift", drift.stretched(f)) for f in (0.5, 2)},
    **{f"segment_{s}": Kind("drift", drift.towards_segment(s)) for s in (0.3, 0.6)},
    **{f"catmix_{s}": Kind("drift", drift.category_grown(s)) for s in (0.2, 0.4)},
}


def kinds_of(group: Group) -> list[str]:
    """Return the names of a group's kinds, in the order of the table."""
    return [name for name, kind in KINDS.items() if kind.group == group]
