"""Every Web API method that is served, by its name."""

from collections.abc import Callable, Mapping
from typing import Final

from infra.local.slack.methods import chat, conversations, files, people, views
from infra.local.slack.records import Json
from infra.local.slack.workspace import Workspace

Method = Callable[[Workspace, Json], Json]

METHODS: Final[Mapping[str, Method]] = {
    "api.test": people.api_test,
    "auth.test": people.auth_test,
    "blocks.validate": views.validate_blocks,
    "chat.delete": chat.delete,
    "chat.getPermalink": chat.get_permalink,
    "chat.postEphemeral": chat.post_ephemeral,
    "chat.postMessage": chat.post_message,
    "chat.update": chat.update,
    "conversations.history": conversations.history,
    "conversations.info": conversations.info,
    "conversations.list": conversations.list_channels,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_direct,
    "conversations.replies": conversations.replies,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.upload_url,
    "pins.list": conversations.list_pins,
    "usergroups.list": people.list_groups,
    "usergroups.users.list": people.list_group_users,
    "users.info": people.user_info,
    "users.list": people.list_users,
    "views.open": views.open_view,
    "views.publish": views.publish_view,
    "views.push": views.push_view,
    "views.update": views.update_view,
}
