"""What a person can do on the desk's page, in the form in which the page says it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Choice = str | list[str] | None
Values = dict[str, dict[str, Choice]]


class _Deed(BaseModel):
    """`user` is who does it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str


class ClickMessage(_Deed):
    """A button was pressed, or something was chosen, in a message.

    `choice` is an option's value, an id, a text, or a list of them; None for a button.
    """

    kind: Literal["click_message"]
    channel: str
    ts: str
    block_id: str
    action_id: str
    choice: Choice = None


class ClickView(_Deed):
    """The same in the open modal; `values` is what else was entered so far."""

    kind: Literal["click_view"]
    block_id: str
    action_id: str
    choice: Choice = None
    values: Values


class ClickHome(_Deed):
    """The same in the Home tab."""

    kind: Literal["click_home"]
    block_id: str
    action_id: str
    choice: Choice = None


class Submit(_Deed):
    """The open modal was submitted."""

    kind: Literal["submit"]
    values: Values


class CloseView(_Deed):
    """The open modal was closed."""

    kind: Literal["close_view"]


class Say(_Deed):
    """Something was typed and sent; a first "/" makes it a command."""

    kind: Literal["say"]
    channel: str
    text: str = Field(min_length=1)
    thread_ts: str | None = None


class Shortcut(_Deed):
    """A shortcut was chosen from the menu of a message."""

    kind: Literal["shortcut"]
    callback_id: str
    channel: str
    ts: str


class OpenHome(_Deed):
    """The Home tab was opened."""

    kind: Literal["open_home"]


class PressControl(_Deed):
    """A button of the desk itself was pressed; it is no part of Slack."""

    kind: Literal["control"]
    index: int = Field(ge=0)


Deed = (
    ClickMessage
    | ClickView
    | ClickHome
    | Submit
    | CloseView
    | Say
    | Shortcut
    | OpenHome
    | PressControl
)

_DEED: TypeAdapter[Deed] = TypeAdapter(Annotated[Deed, Field(discriminator="kind")])


def parse_deed(body: bytes) -> Deed:
    """Read what the page sent.

    Raises:
        pydantic.ValidationError: it is not JSON, or no deed.
    """
    return _DEED.validate_json(body)
