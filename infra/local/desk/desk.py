"""The desk: a local web page on which a person sees and uses the local Slack."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Self

from core.domain.errors import OpsError
from infra.local.desk.changes import Changes
from infra.local.desk.deeds import Deed
from infra.local.desk.doing import Control, Doing, Outcome
from infra.local.desk.door import Door
from infra.local.desk.snapshot import snapshot
from infra.local.slack.local_slack import LocalSlack
from infra.local.slack.records import Json

STATIC = Path(__file__).parent / "static"
_POLL_S = 0.05  # how soon a stop is noticed


class PortNotFree(OpsError):
    """The desk cannot listen where it was told to."""

    def __init__(self, port: int, error: OSError) -> None:
        taken = "another program listens there already"
        why = taken if error.errno == errno.EADDRINUSE else os.strerror(error.errno or 0)
        super().__init__(
            f"The desk cannot listen on port {port}: {why}. Name another port, "
            "with `make demo PORT=…` or `--port`, or end that program."
        )
        self.port = port


class Desk:
    """A web server on the loopback interface, for the page in `static/`.

    Args:
        slack: the local Slack that the page shows.
        manifest: the Slack app's manifest; its commands and message shortcuts are offered.
        people: those whom the desk can play, user id to role; the first is shown first.
        port: where to listen; 0 means any free port.
        banner: the line at the top of the page, asked for at each drawing; "" draws none.
        controls: buttons beside the banner; the page is drawn again after one was pressed.

    Raises:
        PortNotFree: it cannot listen on this port.
    """

    def __init__(  # noqa: PLR0913 - what the page consists of
        self,
        slack: LocalSlack,
        *,
        manifest: Json,
        people: Mapping[str, str],
        port: int = 0,
        banner: Callable[[], str] = str,
        controls: Sequence[Control] = (),
    ) -> None:
        self._slack = slack
        self._manifest = manifest
        self._people = people
        self._banner = banner
        self._controls = controls
        commands = manifest.get("features", {}).get("slash_commands", [])
        known = frozenset(command["command"] for command in commands)
        self._doing = Doing(slack, people, known, controls)
        self.changes = Changes()
        slack.workspace.subscribe(self.changes.announce)
        try:
            self._server = ThreadingHTTPServer(
                ("127.0.0.1", port), lambda *connection: Door(self, STATIC, *connection)
            )
        except OSError as error:
            raise PortNotFree(port, error) from error
        self._thread = Thread(
            target=self._server.serve_forever, args=(_POLL_S,), name="desk", daemon=True
        )

    @property
    def url(self) -> str:
        """Where a browser finds the page."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def port(self) -> int:
        """Where the server listens."""
        return int(self._server.server_address[1])

    def start(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop answering and let the port go."""
        self.changes.finish()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def state(self, user: str | None, channel: str | None) -> Json:
        """Draw what one person sees."""
        drawn = snapshot(self._slack, self._manifest, self._people, user=user, channel=channel)
        return drawn | {
            "banner": self._banner(),
            "controls": [
                {"label": control.label, "is_wanted": control.is_wanted()}
                for control in self._controls
            ],
        }

    def act(self, deed: Deed) -> Outcome:
        """Do what a person did on the page."""
        outcome = self._doing.do(deed)
        self.changes.announce()
        return outcome

    def file(self, file_id: str) -> tuple[str, bytes] | None:
        """Fetch an upload, name and bytes; None when there is none of that id."""
        found = self._slack.workspace.files.get(file_id)
        return (found.name, found.content) if found else None
