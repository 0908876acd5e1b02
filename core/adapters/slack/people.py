"""Slack's user groups."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from core.domain.errors import Unavailable


class SlackPeople:
    """Asks Slack who is in a user group."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def members(self, group: str) -> frozenset[str]:
        """See People."""
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, SlackClientError, OSError) as error:
            raise Unavailable(f"Slack did not say who is in the group {group}.") from error
        return frozenset(answer["users"])
