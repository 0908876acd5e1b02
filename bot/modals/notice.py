"""A modal that only says something."""

from core.adapters.slack.blocks import Block, cut, plain, section


def notice(title: str, text: str) -> Block:
    """Say one thing and offer to close.

    Args:
        title: at most 24 characters, Slack's limit.
        text: a finished sentence in Slack's markup.
    """
    return {
        "type": "modal",
        "title": plain(cut(title, 24)),
        "close": plain("Close"),
        "blocks": [section(text)],
    }
