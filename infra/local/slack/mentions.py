"""Turns names in a typed command into ids, as the manifest's `should_escape` asks Slack to."""

import re

from infra.local.slack.workspace import Workspace

_NAME = re.compile(r"(?<![\w<|])([@#])([\w.-]*\w)")


def escaped(text: str, workspace: Workspace) -> str:
    """Write `@ada` as `<@U1>`, `#general` as `<#C1>`, `@oncall` as `<!subteam^S1>`."""
    ids = {f"#{channel.name}": f"<#{channel.id}>" for channel in workspace.channels.values()}
    ids |= {f"@{group.handle}": f"<!subteam^{group.id}>" for group in workspace.groups.values()}
    ids |= {f"@{user.handle}": f"<@{user.id}>" for user in workspace.users.values()}
    return _NAME.sub(lambda name: ids.get(name[0], name[0]), text)
