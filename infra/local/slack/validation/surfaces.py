"""Where blocks can be shown."""

from typing import Literal

Surface = Literal["message", "modal", "home"]
