"""The modals in front of people, at most three deep, and their App Homes."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from infra.local.slack.elements import Values, values_of
from infra.local.slack.records import APP_ID, BOT_ID, TEAM_ID, ApiError, Json

MAX_DEPTH = 3  # the root and two pushed


@dataclass
class OpenView:
    """A drawn view, what was entered into it, and the errors under its inputs."""

    drawn: Json
    entered: Values = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def as_slack_shows_it(self) -> Json:
        """Draw the view object of answers and payloads."""
        values = values_of(self.drawn["blocks"], self.entered)
        return deepcopy(self.drawn) | {"state": {"values": values}}


class OpenViews:
    """A stack of modals and one home for each person."""

    def __init__(self, next_id: Callable[[str], str]) -> None:
        self._next_id = next_id
        self._stacks: dict[str, list[OpenView]] = {}
        self._homes: dict[str, OpenView] = {}

    def view_of(self, user: str) -> Json | None:
        """Show the modal on top; None when none is open."""
        top = self.top(user)
        return top.as_slack_shows_it() if top else None

    def home_of(self, user: str) -> Json | None:
        """Show the App Home; None before the first was published."""
        home = self._homes.get(user)
        return home.as_slack_shows_it() if home else None

    def top(self, user: str) -> OpenView | None:
        """Find the modal that takes this person's input; None when none is open."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> OpenView | None:
        """Find this person's App Home; None before the first."""
        return self._homes.get(user)

    def errors_of(self, user: str) -> dict[str, str]:
        """Read the errors under the inputs of the open modal, by block_id."""
        top = self.top(user)
        return top.errors if top else {}

    def open(self, user: str, view: Json) -> Json:
        """Open a first modal, in place of whatever was open."""
        self._stacks[user] = []
        return self.push(user, view)

    def push(self, user: str, view: Json) -> Json:
        """Put a modal on top of the stack.

        Raises:
            ApiError: three are open already.
        """
        stack = self._stacks.setdefault(user, [])
        if len(stack) == MAX_DEPTH:
            raise ApiError("push_limit_reached")
        drawn = self._draw(view, self._next_id("V"))
        drawn["root_view_id"] = stack[0].drawn["id"] if stack else drawn["id"]
        drawn["previous_view_id"] = stack[-1].drawn["id"] if stack else None
        stack.append(OpenView(drawn))
        return stack[-1].as_slack_shows_it()

    def update(self, open_view: OpenView, view: Json, seen_hash: str | None = None) -> Json:
        """Draw a view again; what was entered stays where block_id and action_id stay.

        Raises:
            ApiError: it is not the drawing that the caller saw.
        """
        before = open_view.drawn
        if seen_hash and seen_hash != before["hash"]:
            raise ApiError("hash_conflict")
        open_view.drawn = self._draw(view, before["id"])
        for key in ("root_view_id", "previous_view_id"):
            open_view.drawn[key] = before[key]
        open_view.errors = {}
        return open_view.as_slack_shows_it()

    def publish(self, user: str, view: Json, seen_hash: str | None = None) -> Json:
        """Give a person an App Home.

        Raises:
            ApiError: it is not the drawing that the caller saw.
        """
        home = self._homes.get(user)
        if home is not None:
            return self.update(home, view, seen_hash)
        drawn = self._draw(view, self._next_id("V"))
        drawn |= {"root_view_id": drawn["id"], "previous_view_id": None}
        self._homes[user] = OpenView(drawn)
        return self._homes[user].as_slack_shows_it()

    def close(self, user: str, view: OpenView) -> None:
        """Close this modal; the one below shows again."""
        self._stacks[user] = [other for other in self._stacks[user] if other is not view]

    def clear(self, user: str) -> None:
        """Close all modals of this person."""
        self._stacks.pop(user, None)

    def find(self, view_id: str | None, external_id: str | None = None) -> OpenView:
        """Find an open modal or home by its id.

        Raises:
            ApiError: it is not open, or no longer.
        """
        open_now = [view for stack in self._stacks.copy().values() for view in stack]
        for view in [*open_now, *self._homes.copy().values()]:
            is_named = external_id and view.drawn["external_id"] == external_id
            if is_named or view.drawn["id"] == view_id:
                return view
        raise ApiError("not_found")

    def _draw(self, view: Json, view_id: str) -> Json:
        drawn = deepcopy(view)
        for block in drawn["blocks"]:
            block.setdefault("block_id", self._next_id("b"))
        texts = {key: drawn.get(key) for key in ("title", "close", "submit")}
        return {
            "id": view_id,
            "team_id": TEAM_ID,
            "type": drawn["type"],
            "blocks": drawn["blocks"],
            "private_metadata": drawn.get("private_metadata", ""),
            "callback_id": drawn.get("callback_id", ""),
            "external_id": drawn.get("external_id", ""),
            "hash": self._next_id("h."),
            "clear_on_close": drawn.get("clear_on_close", False),
            "notify_on_close": drawn.get("notify_on_close", False),
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
            **texts,
        }
