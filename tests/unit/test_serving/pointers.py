"""The pointer to what serves, after a few moves."""

from core.domain.ids import VersionId
from core.domain.serving import Serving

A, B, C, D = (VersionId(f"ver_{letter}") for letter in "abcd")
SHARES = (0.05, 0.25)


def proposed(*versions: VersionId) -> Serving:
    serving = Serving(id="flights")
    for version in versions:
        serving = serving.proposing(version)
    return serving


def ready() -> Serving:
    return proposed(A, B).stepping_up(B, ())


def promoted() -> Serving:
    return ready().promoting(B, seen_champion=A)


def canary() -> Serving:
    return proposed(A, B, C).stepping_up(B, SHARES)
