"""Counts the rows that break what people wrote, while a partition's batches pass by once."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, Self

import numpy as np

from core.domain.constraint import OF_THE_KEY, Constraint, Rule, exact
from core.domain.finding import PLAINLY, ROWS, Finding, Kind
from core.domain.ids import content_hash
from core.domain.model_config import ModelConfig
from core.domain.reading import Reading
from core.domain.wording import number, percent, with_unit
from functions.arrays import Block, NumberColumn, Sized, WordColumn
from functions.ml.checking.hashing import hash_words
from functions.ml.checking.key_sample import MOST_KEYS, NO_KEYS, KeySample, both, duplicate_share
from functions.ml.checking.many_hashes import ManyHashes

BROKEN = PLAINLY - 2
"""The score of a broken rule; up to one more, by the share of rows that break it."""
_ALIKE: Mapping[Rule, str] = {
    "never_null": "missing",
    "unique": "with a value that stood before",
}
_LONGEST_WORD = 40  # of a value that a sentence shows


@dataclass
class _Count:
    """What is known of one rule so far."""

    rule: Constraint
    rows: int = 0
    """That the column was there in."""
    broken: int = 0
    """Rows that break it; for a rule that no value stands twice, those without one."""
    seen: str | None = None
    """Words for the worst of them: the farthest number, an unexpected word."""
    farthest: float = 0.0
    hashes: ManyHashes = field(default_factory=ManyHashes)
    """Of all values, for a rule that none stands twice."""
    sample: KeySample = NO_KEYS
    """The same of other objects, of which all values would be too many."""

    @property
    def sampled(self) -> KeySample:
        """A sample of all values."""
        return both(self.sample, self.hashes.smallest(MOST_KEYS))

    @property
    def repeated(self) -> int:
        """Rows whose value stood before; estimated where other objects were sampled."""
        if len(self.sample[0]):
            return round(duplicate_share(self.sampled) * (self.rows - self.broken))
        return len(self.hashes) - self.hashes.distinct

    def followed_by(self, later: Self) -> Self:
        """Put the counts of two objects together."""
        every = [one for one in (self, later) if one.seen is not None]
        farthest = min if self.rule.at_least is not None else max
        worst = farthest(every, key=lambda one: one.farthest, default=self)
        return replace(
            self,
            rows=self.rows + later.rows,
            broken=self.broken + later.broken,
            seen=worst.seen,
            farthest=worst.farthest,
            hashes=ManyHashes(),
            sample=both(self.sampled, later.sampled),
        )


class Tally:
    """Takes batches one after another, as a profiler does; holds none of their rows."""

    def __init__(self, config: ModelConfig | None = None, rules: Sequence[Constraint] = ()) -> None:
        """Count for these rules; without a config there are none."""
        self._key = config.data.key if config else None
        columns = config.columns if config else {}
        self._units = {name: column.unit for name, column in columns.items()}
        self._sensitive: AbstractSet[str] = frozenset(config.sensitive if config else ())
        self._counts = [_Count(rule) for rule in rules]

    @classmethod
    def of(cls, config: ModelConfig, day: date) -> Self:
        """Count for the rules of a config that have not expired on this day."""
        return cls(config, [rule for rule in config.constraints if rule.is_judged_on(day)])

    @property
    def told_apart_by(self) -> tuple[str, ...]:
        """Name the rules: counts of other rules cannot be put together with these."""
        return tuple(count.rule.model_dump_json() for count in self._counts)

    @property
    def told(self) -> tuple[list[dict[str, Any]], tuple[KeySample, ...]]:
        """Say what was counted, as plain values and samples."""
        plain = [
            {"rows": c.rows, "broken": c.broken, "seen": c.seen, "farthest": c.farthest}
            for c in self._counts
        ]
        return plain, tuple(count.sampled for count in self._counts)

    def with_told(self, plain: Sequence[Mapping[str, Any]], samples: Sequence[KeySample]) -> Self:
        """Undo `told`, for the same rules."""
        told = zip(self._counts, plain, samples, strict=True)
        return self._with([_Count(c.rule, **counted, sample=s) for c, counted, s in told])

    def anew(self) -> Self:
        """Begin with no rows, for the same rules."""
        return self._with([_Count(count.rule) for count in self._counts])

    def followed_by(self, later: Self) -> Self:
        """Put the counts of two objects together; repeated values are then estimated."""
        pairs = zip(self._counts, later._counts, strict=True)
        return self._with([first.followed_by(second) for first, second in pairs])

    def _with(self, counts: list[_Count]) -> Self:
        other = copy(self)
        other._counts = counts  # noqa: SLF001 - it is one of us
        return other

    def before(self, take: Callable[[Sized], None]) -> Callable[[Sized], None]:
        """Count each block of a batch when whoever takes the batch comes to it."""

        def count_first(part: Sized) -> None:
            take(replace(part, cut=partial(self._counted, part)))

        return count_first

    def take(self, part: Sized) -> None:
        """Count the rows of one batch."""
        for _ in self._counted(part):
            pass

    def _counted(self, part: Sized) -> Iterator[Block]:
        """Count each block, then hand it on with the columns that were looked at."""
        for block in part.blocks():
            for count in self._counts:
                column = block.batch.get(count.rule.column or "")
                if isinstance(column, NumberColumn):
                    count.rows += block.rows
                    self._count_numbers(count, column)
                elif isinstance(column, WordColumn):
                    count.rows += block.rows
                    self._count_words(count, column)
            yield block

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """Find the rules that are broken; none about what could not be read, or was not there.

        Args:
            reading: what reading told of the same rows: of the key, and how many there are.
        """
        if reading.unreadable or not reading.rows:
            return
        for count in self._counts:
            broken = self._broken(count, reading)
            if broken is not None:
                yield self._finding(count.rule, *broken)

    def _count_numbers(self, count: _Count, column: NumberColumn) -> None:
        rule, values = count.rule, column.values
        is_filled = ~np.isnan(values)
        if rule.rule in {"never_null", "share_of_nulls_at_most"}:
            count.broken += int(len(values) - is_filled.sum())
            return
        if rule.at_least is not None:
            wrong = values[is_filled & (values < rule.at_least)]
            farthest, worse = wrong.min(initial=np.inf), min
        elif rule.at_most is not None:
            wrong = values[is_filled & (values > rule.at_most)]
            farthest, worse = wrong.max(initial=-np.inf), max
        else:
            allowed = [member for member in rule.one_of or () if not isinstance(member, str)]
            wrong = values[is_filled & ~np.isin(values, allowed)]
            farthest, worse = wrong.max(initial=-np.inf), max
        if not len(wrong):
            return
        count.farthest = worse(count.farthest, float(farthest)) if count.broken else float(farthest)
        count.broken += len(wrong)
        count.seen = with_unit(number(count.farthest), self._units[rule.column or ""])

    def _count_words(self, count: _Count, column: WordColumn) -> None:
        rule = count.rule
        times = np.bincount(column.codes + 1, minlength=len(column.words) + 1)
        nulls, of_words = int(times[0]), times[1:]
        if rule.unique:
            count.broken += nulls
            count.hashes.append(np.repeat(hash_words(column.words), of_words))
        elif rule.one_of is None:
            count.broken += nulls
        else:
            allowed = {self._as_read(str(member), rule) for member in rule.one_of}
            is_wrong = np.array([word not in allowed for word in column.words], dtype=bool)
            wrong = np.where(is_wrong, of_words, 0)
            if wrong.any():
                count.broken += int(wrong.sum())
                count.seen = count.seen or f"`{_shown(column.words[int(wrong.argmax())])}`"

    def _as_read(self, member: str, rule: Constraint) -> str:
        """Write a member as the reading does: words of sensitive columns come as hashes."""
        return content_hash(member.encode()) if rule.column in self._sensitive else member

    def _broken(self, count: _Count, reading: Reading) -> tuple[str, float] | None:
        """Say what breaks a rule and the share of rows that do; `None` while it is kept."""
        rule = count.rule
        if rule.rows_at_least is not None:
            lacking = rule.rows_at_least - reading.rows
            said = f"at least {rule.rows_at_least:,} must come"
            return (
                (f"{_rows(reading.rows)}, {said}", lacking / rule.rows_at_least)
                if lacking > 0
                else None
            )
        if rule.column == self._key and rule.rule in OF_THE_KEY:
            rows = reading.rows if rule.column not in {*reading.missing, *reading.mistyped} else 0
            broken = reading.duplicates if rule.unique else reading.nameless
        else:
            rows = count.rows
            broken = count.repeated if rule.unique else count.broken
        if rows < reading.rows or not broken:  # where the column is missing that is said already
            return None
        share = broken / rows
        if rule.share_of_nulls_at_most is not None and share <= rule.share_of_nulls_at_most:
            return None
        return f"{_rows(broken)} ({percent(share)}) {self._wrong(rule, count.seen)}", share

    def _wrong(self, rule: Constraint, seen: str | None) -> str:
        """Say how these rows break the rule, as the end of a clause."""
        if rule.rule in _ALIKE:
            return _ALIKE[rule.rule]
        if rule.share_of_nulls_at_most is not None:
            return f"missing, at most {percent(rule.share_of_nulls_at_most)} may be"
        if rule.column in self._sensitive:
            return f"break `{rule.rule}`"
        unit = self._units[rule.column or ""]
        if rule.at_least is not None:
            return f"below {exact(rule.at_least, unit)}, down to {seen}"
        if rule.at_most is not None:
            return f"above {exact(rule.at_most, unit)}, up to {seen}"
        return f"not {rule.in_words()}, such as {seen}"

    def _finding(self, rule: Constraint, said: str, share: float) -> Finding:
        return Finding(
            column=rule.column or ROWS,
            kind=Kind.WRITTEN,
            score=BROKEN + share,
            seen=share,
            where=f"{said}; <@{rule.owner}> wrote: {rule.reason}",
            rule_of=rule.owner,
            is_sensitive=rule.column in self._sensitive,
        )


def _rows(number_of: int) -> str:
    return f"{number_of:,} row{'' if number_of == 1 else 's'}"


def _shown(word: str) -> str:
    plain = " ".join(word.replace("`", "'").split())
    return plain if len(plain) <= _LONGEST_WORD else f"{plain[: _LONGEST_WORD - 1]}…"
