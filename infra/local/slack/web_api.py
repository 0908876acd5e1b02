"""Answers Web API calls: who calls, how often, what goes wrong on purpose, then the method."""

import json
from copy import deepcopy
from dataclasses import dataclass, field

from infra.local.slack.faults import Fault, Faults
from infra.local.slack.methods.arguments import decoded
from infra.local.slack.methods.registry import METHODS, Method
from infra.local.slack.rate_limits import RateLimited, RateLimits
from infra.local.slack.records import ApiError, Json
from infra.local.slack.workspace import Workspace


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call of the app under test, whatever came of it; `reply` None means no answer."""

    method: str
    arguments: Json
    reply: Reply | None


class WebApi:
    """The methods behind `/api/`, and a log of the calls."""

    def __init__(self, workspace: Workspace, bot_token: str, faults: Faults) -> None:
        self.log: list[Call] = []
        self.methods: dict[str, Method] = dict(METHODS)
        self._workspace = workspace
        self._faults = faults
        self._rates = RateLimits(workspace.now)
        self._bot_token = bot_token
        self._other_tokens: dict[str, str] = {}

    def add_method(self, name: str, method: Method, token: str) -> None:
        """Serve one more method, which needs a token of its own."""
        self.methods[name] = method
        self._other_tokens[name] = token

    def calls(self, method: str) -> list[Json]:
        """List the arguments of the calls of one method, blocks and views parsed."""
        return [deepcopy(call.arguments) for call in self.log if call.method == method]

    def answer(self, method: str, token: str, arguments: Json) -> Reply | None:
        """Answer one call; None means that the connection breaks instead."""
        fault = self._faults.take(method)
        try:
            arguments = decoded(arguments)
            reply = self._answer(method, token, arguments, fault)
        except ApiError as error:
            reply = _refusal(error)
        except RateLimited as error:
            reply = _too_many(error.retry_after_s)
        self.log.append(Call(method, arguments, reply))
        return reply

    def _answer(
        self, method: str, token: str, arguments: Json, fault: Fault | None
    ) -> Reply | None:
        if fault is not None and not fault.after_posting:
            return _faulty(fault)
        if token != self._other_tokens.get(method, self._bot_token):
            raise ApiError("invalid_auth" if token else "not_authed")
        if method not in self.methods:
            raise ApiError("unknown_method")
        with self._workspace.lock:
            self._rates.admit(method, str(arguments.get("channel")))
            done = self.methods[method](self._workspace, arguments)
        return _faulty(fault) if fault else Reply(200, json.dumps({"ok": True} | done))


def _refusal(error: ApiError) -> Reply:
    body: Json = {"ok": False, "error": error.code}
    if error.messages:
        body["response_metadata"] = {"messages": error.messages}
    return Reply(200, json.dumps(body))


def _too_many(retry_after_s: int) -> Reply:
    body = json.dumps({"ok": False, "error": "ratelimited"})
    return Reply(429, body, {"Retry-After": str(retry_after_s)})


def _faulty(fault: Fault) -> Reply | None:
    if fault.hang_up:
        return None
    if fault.retry_after_s is not None:
        return _too_many(fault.retry_after_s)
    if fault.error:
        return _refusal(ApiError(fault.error))
    return Reply(fault.status, "upstream trouble", {"Content-Type": "text/plain"})
