"""Who is who: `auth.test`, `users.*`, `usergroups.*`."""

from infra.local.slack.methods.arguments import flag, needed
from infra.local.slack.records import APP_ID, BOT_ID, BOT_USER, TEAM_DOMAIN, TEAM_ID, ApiError, Json
from infra.local.slack.workspace import Workspace


def api_test(_workspace: Workspace, arguments: Json) -> Json:
    """Serve `api.test`."""
    return {"args": arguments}


def auth_test(workspace: Workspace, _arguments: Json) -> Json:
    """Serve `auth.test`."""
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_DOMAIN,
        "team_id": TEAM_ID,
        "user": workspace.users[BOT_USER].handle,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "is_enterprise_install": False,
    }


def user_info(workspace: Workspace, arguments: Json) -> Json:
    """Serve `users.info`."""
    user = workspace.users.get(needed(arguments, "user"))
    if user is None:
        raise ApiError("user_not_found")
    return {"user": user.as_slack_shows_it()}


def list_users(workspace: Workspace, _arguments: Json) -> Json:
    """Serve `users.list`, all on one page."""
    members = [user.as_slack_shows_it() for user in workspace.users.values()]
    return {"members": members, "response_metadata": {"next_cursor": ""}}


def list_groups(workspace: Workspace, arguments: Json) -> Json:
    """Serve `usergroups.list`."""
    groups = []
    for group in workspace.groups.values():
        shown = group.as_slack_shows_it()
        if flag(arguments, "include_users"):
            shown["users"] = list(group.members)
        groups.append(shown)
    return {"usergroups": groups}


def list_group_users(workspace: Workspace, arguments: Json) -> Json:
    """Serve `usergroups.users.list`."""
    group = workspace.groups.get(needed(arguments, "usergroup"))
    if group is None:
        raise ApiError("no_such_subteam")
    return {"users": list(group.members)}
