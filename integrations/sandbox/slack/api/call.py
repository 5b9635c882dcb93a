"""One call of the Web API: its arguments and on whose behalf it is made."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.state import SlackState, Team


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token and scopes were found good."""

    slack: SlackState
    team: Team
    arguments: Mapping[str, Any]

    def text(self, name: str) -> str:
        """An argument as text, "" when absent."""
        value = self.arguments.get(name)
        return "" if value is None else str(value)

    def needed(self, name: str) -> str:
        """An argument that must be there. SlackError invalid_arguments."""
        text = self.text(name)
        if not text:
            raise missing(name)
        return text

    def switch(self, name: str) -> bool:
        """A boolean argument, in any of its spellings."""
        return self.text(name).lower() in ("1", "true")


Handler = Callable[[Call], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """A method's rules: scopes a token must all have, its tier, the kind of token it takes."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    tier: int = 4
    token: str = "bot"  # noqa: S105 - the kind of token, not one


def missing(name: str) -> SlackError:
    """The refusal of a call that lacks an argument."""
    messages = [f"[ERROR] missing required field: {name}"]
    return SlackError("invalid_arguments", response_metadata={"messages": messages})


async def read_arguments(request: web.Request) -> dict[str, Any]:
    """Query and body, form or JSON. SlackError invalid_json, json_not_object, invalid_post_type."""
    arguments: dict[str, Any] = dict(request.query)
    if not request.body_exists:
        return arguments
    if request.content_type == "application/json":
        return {**arguments, **_json_object(await request.read())}
    if request.content_type in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return {**arguments, **await request.post()}
    if await request.read():
        raise SlackError("invalid_post_type")
    return arguments


def bearer(request: web.Request, arguments: Mapping[str, Any]) -> str:
    """The token of a request, "" when it has none."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return token.strip()
    return str(arguments.get("token") or "")


def client_credentials(request: web.Request, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """Client id and secret, from HTTP Basic or the form."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            client_id, _, secret = base64.b64decode(encoded).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError) as error:
            raise SlackError("invalid_client_id") from error
        return client_id, secret
    return str(arguments.get("client_id", "")), str(arguments.get("client_secret", ""))


def _json_object(raw: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(raw)
    except ValueError as error:
        raise SlackError("invalid_json") from error
    if not isinstance(parsed, dict):
        raise SlackError("json_not_object")
    return parsed
