"""Slack's user groups and users."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from core.domain.errors import Unavailable
from core.domain.person_name import Profile


class SlackPeople:
    """Asks Slack who is who."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def members(self, group: str) -> frozenset[str]:
        """See People."""
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, SlackClientError, OSError) as error:
            raise Unavailable(f"Slack did not say who is in the group {group}.") from error
        return frozenset(answer["users"])

    def profile(self, person: str) -> Profile | None:
        """See People."""
        try:
            user = self._client.users_info(user=person)["user"]
        except SlackApiError as error:
            if error.response.get("error") in {"user_not_found", "user_not_visible"}:
                return None
            raise Unavailable(f"Slack did not say who {person} is.") from error
        except (SlackClientError, OSError) as error:
            raise Unavailable(f"Slack did not say who {person} is.") from error
        name = str(user.get("real_name") or user.get("name") or person)
        return Profile(name=name, is_gone=bool(user.get("deleted")))
