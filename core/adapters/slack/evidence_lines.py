"""Evidence on a card: a plot in text, a line for each claim, and when it decides."""

from math import exp, log
from typing import Final

from core.adapters.slack.blocks import escape, some
from core.domain.evidence import Claim, Decision
from core.domain.evidence_shown import ClaimShown, EvidenceShown
from core.domain.wording import names

_BARS: Final = "▁▂▃▄▅▆▇█"
_CLAIM: Final = {
    Claim.GAIN: "better",
    Claim.REFRESH: "no worse",
    Claim.HARMFUL: "worse",
    Claim.FUTILE: "futile",
}
_WIDEST: Final = max(map(len, _CLAIM.values()))
_POINTS: Final = 10
_MANY: Final = 1000.0
_WORTH_SAYING: Final = 2.0
_MORE: Final = 1.5  # times; less is not worth a word
_SAID: Final[dict[Decision, str]] = {
    "gain": "it is better",
    "refresh": "it is no worse",
    "harmful": "it is worse",
    "futile": "it cannot gain as much as would be worth a promotion",
}


def evidence_lines(shown: EvidenceShown) -> str:
    """Draw the evidence so far: 32 characters wide in a code block, so that no phone wraps it.

    Where nothing is compared, say why.
    """
    if shown.is_blind:
        return "What is served changes what happens, so only a canary is compared, no shadow."
    plot = "\n".join(_line(claim, shown.limit) for claim in shown.claims)
    return "\n".join((f"```{plot}```", _sentence(shown), *_remarks(shown)))


def _line(shown: ClaimShown, limit: float) -> str:
    bars = "".join(_bar(share) for share in shown.track)
    # What was shown stays so: by now its number may lie below the limit again.
    number = "" if shown.is_shown else _e_value(shown.log_e)
    reached = " shown" if shown.is_shown else f" of {limit:,.0f}"
    return f"{_CLAIM[shown.claim]:<{_WIDEST}} {bars:<{_POINTS}} {number:>5}{reached}"


def _bar(share: float) -> str:
    """The full bar is for what reached its limit, and for nothing below."""
    top = len(_BARS) - 1
    return _BARS[top] if share >= 1 else _BARS[int(share * top)]


def _e_value(log_e: float) -> str:
    if log_e >= log(_MANY):
        return "1000+"
    value = exp(log_e)
    return "<0.1" if value < 0.05 else f"{value:.1f}"  # noqa: PLR2004 - would be rounded to 0.0


def _sentence(shown: EvidenceShown) -> str:
    so_far = f"{_counted(shown.pairs, 'pair')} of {_counted(shown.cohorts, 'day')}"
    if shown.decision != "undecided":
        return (
            f"Decided: {_SAID[shown.decision]}. {so_far} so far, known up to {shown.known_up_to}."
        )
    if shown.expected is not None:
        days = _counted(shown.expected.days, "day")
        more = _counted(_rounded(shown.expected.pairs), "more pair")
        return f"Undecided after {so_far}; decides in about {days} ({more})."
    return f"Undecided after {so_far}; when it decides cannot be said yet."


def _remarks(shown: EvidenceShown) -> list[str]:
    remarks = []
    if shown.excess is None:
        remarks.append(
            "Nothing is decided before the fifth day: only then is known how much days differ."
        )
    elif shown.decision == "undecided":
        remarks += _remarks_on_days(shown.excess, shown.excess_of_gain or 1.0)
    violated = [guard.name for guard in shown.guards if guard.state == "violated"]
    if violated:
        remarks.append(f"Worse by more than the margin: {escape(names(violated))}.")
    waiting = [guard for guard in shown.guards if guard.state == "open"]
    has_passed = any(shown.claim(claim).is_shown for claim in (Claim.GAIN, Claim.REFRESH))
    if shown.decision == "undecided" and has_passed and waiting:
        listed = some([f"{escape(g.name)}, {g.pairs:,} pairs so far" for g in waiting], 5)
        remarks.append(f"Still to be shown to be no worse:\n{listed}")
    if shown.decision != "undecided" and not violated:
        on_average = shown.claim(Claim(shown.decision)).log_e_on_average
        if on_average < 0:
            remarks.append(
                f"Over all pairs on average it is not so (e-value {_e_value(on_average)}): "
                "the difference has changed with time."
            )
    if shown.starts_after is not None:
        remarks.append(
            f"Counts from after {shown.starts_after}, when the config changed what is tested."
        )
    return remarks


def _remarks_on_days(differ: float, of_gain: float) -> list[str]:
    """Say why rows count for less, where days differ or hang together."""
    if max(differ, of_gain) < _WORTH_SAYING:
        return []
    less = f"Days differ {differ:.0f} times as much as by chance, so rows count for less"
    if of_gain < _MORE * differ:
        return [f"{less}."]
    together = f"{of_gain:.0f} times for a promotion, since days resemble those before them"
    return [f"{less}; {together}."]


def _rounded(pairs: int) -> int:
    """Two digits: nobody knows more of it."""
    digits = max(len(str(pairs)) - 2, 0)
    return round(pairs, -digits)


def _counted(many: int, what: str) -> str:
    return f"{many:,} {what}{'' if many == 1 else 's'}"
