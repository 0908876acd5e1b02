"""What a test makes Slack do wrong, on purpose."""

from dataclasses import dataclass


@dataclass
class Fault:
    """One thing to go wrong, `times` times, in place of a method's answer or after its work."""

    method: str
    status: int = 200
    error: str | None = None
    retry_after_s: int | None = None
    after_posting: bool = False
    hang_up: bool = False
    times: int = 1


class Faults:
    """The faults still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.is_down = False

    def next(  # noqa: PLR0913 - each keyword is one way to fail
        self,
        method: str,
        *,
        status: int = 200,
        error: str | None = None,
        after_posting: bool = False,
        hang_up: bool = False,
        times: int = 1,
    ) -> None:
        """Let the next calls of a method fail.

        Args:
            method: the Web API method, such as `chat.postMessage`.
            status: an HTTP status other than 200, with a body that is no JSON.
            error: Slack's error code instead, with HTTP 200.
            after_posting: do the work first, then answer as if it had failed.
            hang_up: close the connection instead of answering.
            times: how many calls fail.
        """
        fault = Fault(method, status, error, None, after_posting, hang_up, times)
        self._waiting.append(fault)

    def rate_limited(
        self, method: str = "chat.postMessage", *, retry_after: int = 30, times: int = 1
    ) -> None:
        """Let the next calls of a method be told to come back later, in seconds."""
        self._waiting.append(Fault(method, 429, "ratelimited", retry_after, times=times))

    def down(self, is_down: bool = True) -> None:  # noqa: FBT001, FBT002 - reads as the claim it is
        """Take all of Slack away (503 for everything), or bring it back."""
        self.is_down = is_down

    def take(self, method: str) -> Fault | None:
        """Say what goes wrong with this call; None means nothing."""
        if self.is_down:
            return Fault(method, 503)
        for fault in self._waiting:
            if fault.method == method and fault.times > 0:
                fault.times -= 1
                return fault
        return None
