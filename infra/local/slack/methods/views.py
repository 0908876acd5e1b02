"""The `views.*` methods and `blocks.validate`."""

from infra.local.slack.methods.arguments import blocks_of, needed
from infra.local.slack.methods.inspection import inspect_message, inspect_view, refuse
from infra.local.slack.records import ApiError, Json
from infra.local.slack.validation.payloads import block_problems
from infra.local.slack.workspace import Workspace


def open_view(workspace: Workspace, arguments: Json) -> Json:
    """Serve `views.open`."""
    view = _modal(workspace, "views.open", arguments)
    user = workspace.tickets.spend_trigger(needed(arguments, "trigger_id"))
    return _shown(workspace, workspace.views.open(user, view))


def push_view(workspace: Workspace, arguments: Json) -> Json:
    """Serve `views.push`: only on top of a modal that is open."""
    view = _modal(workspace, "views.push", arguments)
    user = workspace.tickets.spend_trigger(needed(arguments, "trigger_id"))
    if workspace.views.top(user) is None:
        raise ApiError("not_found")
    return _shown(workspace, workspace.views.push(user, view))


def update_view(workspace: Workspace, arguments: Json) -> Json:
    """Serve `views.update`, by view_id or external_id."""
    view = _modal(workspace, "views.update", arguments)
    found = workspace.views.find(arguments.get("view_id"), arguments.get("external_id"))
    return _shown(workspace, workspace.views.update(found, view, arguments.get("hash")))


def publish_view(workspace: Workspace, arguments: Json) -> Json:
    """Serve `views.publish`."""
    user, view = needed(arguments, "user_id"), _view(arguments)
    if user not in workspace.users:
        raise ApiError("user_not_found")
    if view.get("type") != "home":
        raise ApiError("invalid_arguments", ["[ERROR] only a home can be published"])
    inspect_view(workspace, "views.publish", view)
    return _shown(workspace, workspace.views.publish(user, view, arguments.get("hash")))


def validate_blocks(workspace: Workspace, arguments: Json) -> Json:
    """Serve `blocks.validate`: say what is wrong with blocks, a message or a view."""
    if "view" in arguments:
        inspect_view(workspace, "blocks.validate", _view(arguments))
    elif "message" in arguments:
        message = arguments["message"]
        text, blocks = message.get("text", ""), message.get("blocks")
        inspect_message(workspace, "blocks.validate", text, blocks)
    elif problems := block_problems(blocks_of(arguments) or [], "message"):
        refuse(workspace, "blocks.validate", "invalid_blocks", problems)
    return {}


def _view(arguments: Json) -> Json:
    view = arguments.get("view")
    if not isinstance(view, dict):
        raise ApiError("invalid_arguments", ["[ERROR] missing required field: view"])
    return view


def _modal(workspace: Workspace, where: str, arguments: Json) -> Json:
    view = _view(arguments)
    inspect_view(workspace, where, view)
    return view


def _shown(workspace: Workspace, view: Json) -> Json:
    workspace.changed()
    return {"view": view}
