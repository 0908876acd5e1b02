"""A model's card: what it is, what serves, and who decided what, when, on which evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import AwareDatetime

from core.domain.base import Value
from core.domain.challenge import Challenge
from core.domain.model_config import ModelConfig
from core.domain.person_name import with_names
from core.domain.wording import many


class Decision(Value):
    """One thing that somebody decided, or that the machine did by a rule of the config."""

    at: AwareDatetime
    who: str
    """As in a timeline: a mention, or the machine's word."""
    what: str
    """A clause in the past tense."""
    evidence: str | None = None
    """On what; `None` where nothing but the person stands behind it."""


@dataclass(frozen=True)
class ModelCard:
    """Everything that is written of one model; nothing in it is kept, all of it is read again."""

    config: ModelConfig
    made_at: AwareDatetime
    facts: Sequence[tuple[str, str]]
    """What is known of it now: a label and plain words for each."""
    versions: Sequence[str]
    """A line each, the newest first."""
    weak_spots: Sequence[str]
    """Where what serves does worst, and what its review found, a sentence each."""
    decisions: Sequence[Decision]
    """Oldest first."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What people are called, by id."""

    def as_markdown(self) -> str:
        """Write it as a document that stands alone: people by name, or by id without one."""
        return with_names("\n\n".join(self._parts()) + "\n", self.names)

    def _parts(self) -> list[str]:
        config = self.config
        rules = [
            f"`{rule.column or 'rows'}`: {_line(rule.reason)} (<@{rule.owner}>, until "
            f"{rule.expires})"
            for rule in config.constraints
        ]
        return [
            f"# {config.model}: {_line(config.about)}",
            f"Made {self.made_at:%Y-%m-%d %H:%M} UTC of what was written down, none of it by hand.",
            _list(_purpose(config)),
            "## Now",
            _list([f"{label}: {_line(words)}" for label, words in self.facts]),
            "## Where it is weak",
            _list(self.weak_spots, "Nothing is known."),
            "## Rules that people answer for",
            _list(rules, "None."),
            "## Versions",
            _list(self.versions, "None yet."),
            "## Decisions",
            _list([_decided(of) for of in self.decisions], "None yet."),
        ]


def evidence_of(challenge: Challenge) -> str | None:
    """Say what spoke for and against a version, in a line; `None` where nothing was compared."""
    said = []
    if challenge.gain is not None:
        low, middle, high = challenge.gain
        said.append(
            f"offline {challenge.loss} better by {middle:+.4f} ({low:+.4f} to {high:+.4f}) on "
            f"{challenge.validated_on}"
        )
    shown = challenge.evidence
    if shown is not None and shown.pairs:
        seen = f"{shown.pairs:,} pairs of {many(shown.cohorts, 'cohort')}"
        each = shown.gained / shown.pairs
        said.append(f"gate: {shown.decision} after {seen}, {each:+.4f} a row")
    said += [f"killed because {challenge.killed_because}"] if challenge.killed_because else []
    return "; ".join(said) or None


def _purpose(config: ModelConfig) -> list[str]:
    target = config.target
    sensitive = ", ".join(f"`{name}`" for name in config.sensitive)
    return [
        f"Owner: <@{config.owner}>, channel {config.channel}",
        f"Predicts `{target.column}` ({target.task}), known {target.delay_days} days later",
        f"Reads {len(config.columns)} columns of `{config.data.features}`",
        f"Sensitive columns: {sensitive or 'none named'}",
    ]


def _decided(of: Decision) -> str:
    on = f" ({_line(of.evidence)})" if of.evidence else ""
    return f"{of.at:%Y-%m-%d %H:%M} UTC, {of.who} {_line(of.what)}{on}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _list(lines: Sequence[str], nothing: str = "") -> str:
    return "\n".join(f"- {_line(line)}" for line in lines) or nothing
