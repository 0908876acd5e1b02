"""The App Home: drawn afresh whenever somebody opens it."""

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from bot.modals.screens import home_view
from core.flows.overview import overview
from core.ports import Ports


def register(app: App, ports: Ports) -> None:
    """Listen for people who open it."""

    @app.event("app_home_opened")
    def on_open(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") == "home":
            client.views_publish(user_id=event["user"], view=home_view(overview(ports)))
