"""A Slack app of one page: enough for every part of the desk to be used."""

from typing import Any

from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from infra.local.slack.local_slack import Answer, Deliver, SignedRequest

SECRET = "signing-secret-of-a-test"  # noqa: S105 - signs for nobody but this test
TOKEN = "xoxb-test"  # noqa: S105 - as above
CHANNEL = "C0ALERTS"

MANIFEST = {
    "display_information": {"name": "Watchkeeper"},
    "features": {
        "slash_commands": [
            {"command": "/watch", "description": "What needs a person", "usage_hint": "[model]"},
            {"command": "/broken", "description": "Fails"},
        ],
        "shortcuts": [
            {"name": "File an incident", "callback_id": "incident.file", "type": "message"},
            {"name": "Elsewhere", "callback_id": "elsewhere", "type": "global"},
        ],
    },
}

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text, "emoji": True}


def section(text: str, **more: object) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def option(text: str, value: str) -> Json:
    return {"text": plain(text), "value": value}


def button(text: str, action_id: str, **more: object) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, "value": "a1", **more}


def menu(placeholder: str, action_id: str, *entries: str) -> Json:
    return {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": plain(placeholder),
        "options": [option(entry, entry) for entry in entries],
    }


def text_input(block_id: str, label: str, kind: str = "plain_text_input", **more: object) -> Json:
    element = {"type": kind, "action_id": f"{block_id}.entered", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element}


def card(*, owner: str | None = None, priority: str | None = None) -> list[Json]:
    overflow = {
        "type": "overflow",
        "action_id": "alert.more",
        "options": [option("Snooze", "snooze"), option("Too loud", "loud")],
    }
    choose = menu("Priority", "alert.priority", "P1", "P2")
    confirm = {
        "title": plain("Roll back delay-model?"),
        "text": plain("Version v-11 serves again."),
        "confirm": plain("Roll back"),
        "deny": plain("Keep"),
        "style": "danger",
    }
    buttons = [
        button("Roll back", "alert.rollback", style="danger", confirm=confirm),
        choose,
    ]
    if owner is None:
        buttons.insert(0, button("Acknowledge", "alert.acknowledge", style="primary"))
    return [
        {"type": "header", "text": plain(":rotating_light: delay-model: 3 columns drifted")},
        section(
            "*PSI 0.31* on `dep_delay`, limit *0.20*, told <@U0MINA> in <#C0ALERTS>, "
            "checked <!date^1360332000^{date_short} {time}|some day>.",
            accessory=overflow,
        ),
        {
            "type": "table",
            "rows": [
                [{"type": "raw_text", "text": text} for text in row]
                for row in (("Column", "PSI", "Limit"), ("dep_delay", "0.31", "0.20"))
            ],
        },
        {
            "type": "context",
            "elements": [
                {
                    "type": "mrkdwn",
                    "text": f"{f'<@{owner}> has it' if owner else 'Nobody has it'}"
                    f"{f' · {priority}' if priority else ''}",
                }
            ],
        },
        {"type": "actions", "elements": buttons},
    ]


def incident_modal() -> Json:
    return {
        "type": "modal",
        "callback_id": "incident",
        "title": plain("File an incident"),
        "submit": plain("File"),
        "close": plain("Cancel"),
        "blocks": [
            section("From the alert of *delay-model*."),
            text_input("title", "Title", placeholder=plain("What is wrong?")),
            text_input("story", "What happened", multiline=True) | {"optional": True},
            text_input("lost", "Lost predictions", "number_input", is_decimal_allowed=False),
            text_input("since", "Since", "datepicker", initial_date="2013-02-08"),
            text_input("commander", "Commander", "users_select"),
            text_input("kind", "Kind", "radio_buttons", options=[option("Data", "data")]),
            text_input("tell", "Tell", "checkboxes", options=[option("The owner", "owner")])
            | {"optional": True},
            {
                "type": "actions",
                "elements": [button("Explain", "modal.push"), button("Shorten", "modal.update")],
            },
        ],
    }


def explanation() -> Json:
    return {
        "type": "modal",
        "title": plain("Explanation"),
        "blocks": [section("An incident is a story with a commander.")],
    }


def home(user: str) -> Json:
    entry = "delay-model · 2013-02-08 · dep_delay, seats and half a dozen other columns"
    return {
        "type": "home",
        "blocks": [
            {"type": "header", "text": plain("Your models")},
            section(
                f"<@{user}> watches *delay-model*", accessory=button("Refresh", "home.refresh")
            ),
            {"type": "actions", "elements": [menu("Acknowledge one", "home.take", entry)]},
            section("Two days of data", accessory=menu("Compare with", "home.compare", entry)),
        ],
    }


def build_app(client: WebClient) -> App:  # noqa: C901 - a list of listeners
    app = App(
        client=client,
        signing_secret=SECRET,
        process_before_response=True,
        authorize=lambda **_: AuthorizeResult(
            enterprise_id=None, team_id="T0LOCAL", bot_token=TOKEN
        ),
    )

    def redraw(body: Json, **changes: Any) -> None:
        ts = body["container"]["message_ts"]
        client.chat_update(channel=CHANNEL, ts=ts, text="delay-model", blocks=card(**changes))

    @app.action("alert.acknowledge")
    def _acknowledge(ack: Ack, body: Json) -> None:
        ack()
        redraw(body, owner=body["user"]["id"])
        client.chat_postEphemeral(
            channel=CHANNEL, user=body["user"]["id"], text="You have it now. Good luck!"
        )

    @app.action("alert.more")
    def _more(ack: Ack, body: Json) -> None:
        ack()
        chosen = body["actions"][0]["selected_option"]["value"]
        ts = body["container"]["message_ts"]
        client.chat_postMessage(channel=CHANNEL, thread_ts=ts, text=f"Chosen: {chosen}")

    @app.action("alert.priority")
    def _prioritise(ack: Ack, body: Json) -> None:
        ack()
        redraw(body, priority=body["actions"][0]["selected_option"]["value"])

    @app.action("alert.rollback")
    def _roll_back(ack: Ack, body: Json) -> None:
        ack()
        ts = body["container"]["message_ts"]
        client.chat_postMessage(channel=CHANNEL, thread_ts=ts, text="Rolled back to v-11")

    @app.shortcut("incident.file")
    def _file(ack: Ack, body: Json) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=incident_modal())

    @app.action("modal.push")
    def _push(ack: Ack, body: Json) -> None:
        ack()
        client.views_push(trigger_id=body["trigger_id"], view=explanation())

    @app.action("modal.update")
    def _update(ack: Ack, body: Json) -> None:
        ack()
        shorter = incident_modal()
        shorter["blocks"] = shorter["blocks"][:2]
        client.views_update(view_id=body["view"]["id"], view=shorter)

    @app.view("incident")
    def _filed(ack: Ack, view: Json) -> None:
        values = {
            key: value for held in view["state"]["values"].values() for key, value in held.items()
        }
        title = values["title.entered"]["value"]
        if len(title.split()) < 2:
            ack(response_action="errors", errors={"title": "Two words at least, please."})
            return
        ack()
        told = [one["value"] for one in values["tell.entered"]["selected_options"]]
        text = (
            f"Incident: {title}, lost {values['lost.entered']['value']}, "
            f"since {values['since.entered']['selected_date']}, "
            f"commander <@{values['commander.entered']['selected_user']}>, "
            f"kind {values['kind.entered']['selected_option']['value']}, told {told}"
        )
        client.chat_postMessage(channel=CHANNEL, text=text)

    @app.command("/watch")
    def _watch(ack: Ack, command: Json) -> None:
        ack(f"*1* alert of `{command['text'] or 'all models'}` needs a person.")

    @app.command("/broken")
    def _broken() -> None:
        raise RuntimeError("broken on purpose")

    @app.action("home.refresh")
    def _refresh(ack: Ack) -> None:
        ack()

    @app.event("app_home_opened")
    def _home(event: Json) -> None:
        client.views_publish(user_id=event["user"], view=home(event["user"]))

    return app


def in_process(app: App) -> Deliver:
    def deliver(request: SignedRequest) -> Answer:
        response = app.dispatch(BoltRequest(body=request.body, headers={**request.headers}))
        return Answer(
            response.status,
            {name: values[0] for name, values in response.headers.items()},
            response.body or "",
        )

    return deliver
