"""Refuses malformed payloads as Slack does, and keeps them for the test to see."""

from infra.local.slack.records import ApiError, Blocks, Json, Rejection
from infra.local.slack.validation.limits import characters_in
from infra.local.slack.validation.payloads import block_problems, view_problems
from infra.local.slack.workspace import Workspace

MAX_TEXT_CHARS = 40_000
MAX_UPDATED_TEXT_CHARS = 4000  # chat.update takes less than chat.postMessage
MAX_BLOCKS_CHARS = 13_000  # undocumented; people met it between 12,000 and 13,200
MAX_VIEW_BYTES = 250_000


def inspect_message(
    workspace: Workspace,
    where: str,
    text: str,
    blocks: Blocks | None,
    max_text_chars: int = MAX_TEXT_CHARS,
) -> None:
    """Let a message through if it is well formed.

    Raises:
        ApiError: it is not; the reasons are in `workspace.rejections` too.
    """
    if not text.strip():
        problem = "every message needs a text: notifications and screen readers have no other"
        refuse(workspace, where, "no_text", [problem])
    if len(text) > max_text_chars:
        refuse(workspace, where, "msg_too_long", [f"text is {len(text)} characters long"])
    if blocks and (size := characters_in(blocks)) > MAX_BLOCKS_CHARS:
        refuse(workspace, where, "msg_blocks_too_long", [f"blocks hold {size} characters"])
    if problems := block_problems(blocks or [], "message"):
        refuse(workspace, where, "invalid_blocks", problems)


def inspect_view(workspace: Workspace, where: str, view: Json) -> None:
    """Let a modal or App Home through if it is well formed.

    Raises:
        ApiError: it is not; the reasons are in `workspace.rejections` too.
    """
    size = len(str(view).encode())
    if size > MAX_VIEW_BYTES:
        refuse(workspace, where, "view_too_large", [f"the view is {size} bytes large"])
    if problems := view_problems(view):
        refuse(workspace, where, "invalid_arguments", problems)


def refuse(workspace: Workspace, where: str, code: str, problems: list[str]) -> None:
    """Record what is wrong with a payload and answer with the error.

    Raises:
        ApiError: always.
    """
    workspace.rejections.append(Rejection(where, (code, *problems)))
    raise ApiError(code, [f"[ERROR] {problem}" for problem in problems])
