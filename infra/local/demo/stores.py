"""What the stores say, read back to prove a step."""

from core.domain.challenge import Challenge
from core.domain.ids import VersionId
from core.domain.scored import Logged, Scored
from core.domain.serving import Serving, short
from functions.data.logged_predictions import LoggedPredictions
from infra.local.demo.hands import prove
from infra.local.demo.stage import Stage


class Stores:
    """Reads records and the prediction log of the flights."""

    def __init__(self, stage: Stage) -> None:
        self._ports = stage.ports

    def serving(self) -> Serving:
        """Read the pointer."""
        return self._ports.records.get(Serving, "flights") or Serving(id="flights")

    def challenge(self, version: VersionId | None) -> Challenge:
        """Read what is known of a version."""
        name = Challenge.id_of("flights", version or VersionId(""))
        challenge = self._ports.records.get(Challenge, name)
        prove(challenge is not None, "the version has a card")
        assert challenge is not None  # noqa: S101 - proved above
        return challenge

    def scored(self, day: str) -> Scored:
        """Read by whom a day was scored."""
        scored = self._ports.records.get(Scored, Scored.id_of("flights", day))
        prove(scored is not None, f"{day} was scored")
        assert scored is not None  # noqa: S101 - proved above
        return scored

    def rows_served_by(self, day: str, version: VersionId | None) -> int:
        """Prove that a version served a day, and count its rows in the prediction log."""
        served = self.scored(day).served
        prove(served.version == version, f"{day} is scored by {short(version or '')}")
        return self.logged_rows(served)

    def logged_rows(self, logged: Logged) -> int:
        """Count the rows that lie in the prediction log, and prove that the record says as much."""
        rows = len(LoggedPredictions.read(logged, self._ports.objects).keys)
        prove(rows == logged.rows > 0, f"the log holds {logged.rows} rows")
        return rows
