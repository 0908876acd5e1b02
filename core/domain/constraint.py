"""A rule for the data that a person wrote: it has an owner, a reason and a last day."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, model_validator

from core.domain.base import Value
from core.domain.ids import content_hash
from core.domain.person import PersonId
from core.domain.wording import MINUS, percent, with_unit

Rule = Literal[
    "never_null",
    "share_of_nulls_at_most",
    "at_least",
    "at_most",
    "one_of",
    "unique",
    "rows_at_least",
]
RULES: Final[tuple[Rule, ...]] = get_args(Rule)
_OF_NUMBERS: Final = frozenset({"at_least", "at_most"})
OF_THE_KEY: Final = frozenset({"never_null", "unique"})
_SHOWN: Final = 3  # members of a list that a sentence names


def _no_number(given: object) -> object:
    if isinstance(given, int | float):  # pydantic would take it for seconds since 1970
        raise ValueError("write the day as 2026-12-31")  # noqa: TRY004 - pydantic's own way
    return given


def _no_truth(given: object) -> object:
    if isinstance(given, bool):  # what YAML makes of a bare yes, no, on or off
        raise ValueError("put yes, no, on, off, true and false in quotes")  # noqa: TRY004 - as above
    return given


Day = Annotated[date, BeforeValidator(_no_number)]
Member = Annotated[str | int | float, BeforeValidator(_no_truth)]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(lambda text: " ".join(text.split())),
]


class Constraint(Value):
    """What a column, or the partition as a whole, must keep: exactly one rule each."""

    column: str | None = None
    """A feature; with `never_null` and `unique` the key as well; none with `rows_at_least`."""
    never_null: Literal[True] | None = None
    """Each row has a value."""
    share_of_nulls_at_most: float | None = Field(default=None, gt=0, lt=1)
    """So many of the rows, 0..1, may lack a value."""
    at_least: float | None = None
    """No number lies below."""
    at_most: float | None = None
    """No number lies above."""
    one_of: tuple[Member, ...] | None = Field(default=None, min_length=1, max_length=1000)
    """There are no other values."""
    unique: Literal[True] | None = None
    """No value stands twice in a partition."""
    rows_at_least: int | None = Field(default=None, ge=1)
    """A partition has so many rows."""
    owner: PersonId
    """Who answers for the rule."""
    reason: Reason
    """Why, in one sentence: it stands in the alert."""
    expires: Day
    """The last day on which it is judged; then its owner is asked for another day."""

    @model_validator(mode="after")
    def _has_one_rule(self) -> Self:
        given = self._given
        if len(given) != 1:
            instead = f", not {' and '.join(f'`{rule}`' for rule in given)}" if given else ""
            raise ValueError(f"give exactly one rule of {', '.join(RULES)}{instead}")
        if self.rule == "rows_at_least" and self.column is not None:
            raise ValueError("`rows_at_least` is about the partition: leave `column` out")
        if self.rule != "rows_at_least" and self.column is None:
            raise ValueError(f"say which `column` the rule `{self.rule}` is about")
        return self

    @property
    def rule(self) -> Rule:
        """Its one rule."""
        return self._given[0]

    @property
    def id(self) -> str:
        """Name it by all that it says: who gives it another day writes another one."""
        return content_hash(self.model_dump_json().encode())

    def is_judged_on(self, day: date) -> bool:
        """Say whether it still holds on this day."""
        return day <= self.expires

    def in_words(self, unit: str | None = None, *, is_sensitive: bool = False) -> str:
        """Say what must hold, for a list of rules: `at most 6,000 mi`.

        Args:
            unit: of the column's numbers; `None` where they have none.
            is_sensitive: then no value stands in it.
        """
        if is_sensitive and self.rule in {"at_least", "at_most", "one_of"}:
            return f"`{self.rule}` as the config says"
        nulls = percent(self.share_of_nulls_at_most or 0.0)
        words: dict[Rule, str] = {
            "never_null": "never missing",
            "share_of_nulls_at_most": f"at most {nulls} missing",
            "at_least": f"at least {exact(self.at_least, unit)}",
            "at_most": f"at most {exact(self.at_most, unit)}",
            "one_of": f"one of {_members(self.one_of or ())}",
            "unique": "no value twice",
            "rows_at_least": f"at least {self.rows_at_least or 0:,} rows",
        }
        return words[self.rule]

    @property
    def _given(self) -> list[Rule]:
        return [rule for rule in RULES if getattr(self, rule) is not None]


def misfit(rules: Iterable[Constraint], kinds: Mapping[str, str], key: str) -> str | None:
    """Say in a sentence why a rule does not fit the columns; `None` when all do.

    Args:
        rules: in the order of the config.
        kinds: `number` or `category` of each feature.
        key: the column that names a row.
    """
    seen: set[tuple[str | None, Rule]] = set()
    for rule in rules:
        if (rule.column, rule.rule) in seen:
            return f"`{rule.rule}` stands twice{_of(rule)}: one of the two has to go"
        seen.add((rule.column, rule.rule))
        if rule.column is not None and (wrong := _misfit_of(rule, rule.column, kinds, key)):
            return wrong
    return None


def exact(value: float | None, unit: str | None) -> str:
    r"""Write a limit with all its digits, as somebody chose it.

    >>> exact(6000.25, "mi"), exact(-1.0, None)
    ('6,000.25 mi', '\N{MINUS SIGN}1')
    """
    return with_unit(f"{value or 0.0:,.15g}".replace("-", MINUS), unit)


def _misfit_of(rule: Constraint, column: str, kinds: Mapping[str, str], key: str) -> str | None:
    if column == key and rule.rule in OF_THE_KEY:
        return None
    if column in kinds:
        return _misfit_of_kind(rule, column, kinds[column])
    if column != key:
        close = get_close_matches(column, [*kinds, key], n=1)
        meant = f"; did you mean `{close[0]}`?" if close else f": the key is `{key}`"
        return f"there is no feature `{column}`{meant}"
    return f"`{rule.rule}` does not fit the key `{key}`: it can be `never_null` and `unique`"


def _misfit_of_kind(rule: Constraint, column: str, kind: str) -> str | None:
    if rule.rule in _OF_NUMBERS and kind != "number":
        return f"`{rule.rule}` fits numbers, and `{column}` is a {kind}"
    if rule.rule == "unique" and kind == "number":
        return f"`unique` fits the key and categories, and `{column}` is a number"
    if rule.rule == "one_of":
        return _misfit_of_members(rule.one_of or (), column, kind)
    return None


def _misfit_of_members(
    members: tuple[str | int | float, ...], column: str, kind: str
) -> str | None:
    if kind == "number":
        wrong = [member for member in members if isinstance(member, str)]
        what = "a number"
    else:
        wrong = [str(member) for member in members if isinstance(member, float)]
        what = "a text or a whole number"
    return f"`one_of` of `{column}` says {wrong[0]!r}, which is not {what}" if wrong else None


def _members(members: tuple[str | int | float, ...]) -> str:
    shown = ", ".join(f"`{member}`" for member in members[:_SHOWN])
    more = len(members) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _of(rule: Constraint) -> str:
    return f" for `{rule.column}`" if rule.column else ""
