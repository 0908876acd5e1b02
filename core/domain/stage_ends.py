"""Which states of a version are ends, for whoever counts what came of trainings."""

from typing import Final

SERVED: Final = frozenset({"champion", "guarding", "dethroned", "rolled back"})
"""It serves, or did."""
ENDED: Final = frozenset({"killed as harmful", "killed as futile", "killed"})
"""It will never serve; one that was replaced in the queue was not judged."""
NEVER_SERVED: Final = ENDED | {"replaced"}
"""It ended before anybody was served by it alone."""
