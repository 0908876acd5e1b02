"""What is known of a version beyond what its card says, as a modal."""

from collections.abc import Iterator
from typing import Final

from core.adapters.slack.blocks import Block, cut, escape, plain, section, some
from core.adapters.slack.evaluation_lines import evaluation_lines
from core.adapters.slack.evidence_lines import evidence_lines
from core.domain.challenge import Challenge
from core.domain.wording import names

_MOST_CHARS: Final = 600  # of one sentence
_MOST_LISTED: Final = 4


def version_details(challenge: Challenge) -> Block:
    """Draw the evaluation in full, the evidence, and where the version comes from."""
    title = section(f"*{escape(challenge.model)}* version `{challenge.name}`: {challenge.state}")
    return {
        "type": "modal",
        "title": plain("Details of a version"),
        "close": plain("Close"),
        "blocks": [
            title,
            *(section(f"*{head}*\n{text}") for head, text in _parts(challenge) if text),
        ],
    }


def _parts(challenge: Challenge) -> Iterator[tuple[str, str | None]]:
    yield "Offline", evaluation_lines(challenge)
    if challenge.evidence and not challenge.is_challenging:  # else it stands on the card
        yield "Gate", evidence_lines(challenge.evidence)
    found = [f"*{finding.name}* {_short(finding.sentence)}" for finding in challenge.findings]
    yield "The review found", some(found, _MOST_LISTED)
    kept = [_short(kept) for kept in challenge.promises_kept]
    yield "What earlier promotions promised and brought", some(kept, _MOST_LISTED)
    yield "Where it comes from", "\n".join(_origin(challenge))


def _origin(challenge: Challenge) -> Iterator[str]:
    yield f"Learned from {_short(challenge.trained_on)}"
    yield f"Compared on {_short(challenge.validated_on)}"
    if challenge.made_of:
        yield f"Changed: {_short(challenge.made_of)}"
    if challenge.never_mattered:
        yield f"Changed before, never with a gain: {_short(names(challenge.never_mattered))}"
    if challenge.idea:
        yield f"Tries out: {_short(challenge.idea)}"
    if challenge.fallback:
        yield _short(challenge.fallback)


def _short(text: str) -> str:
    return escape(cut(text, _MOST_CHARS))
