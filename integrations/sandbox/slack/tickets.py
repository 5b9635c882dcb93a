"""Things that are good for a short time only: trigger ids, response URLs, OAuth codes."""

import itertools
import secrets
from dataclasses import dataclass

from integrations.sandbox.slack.errors import SlackError
from integrations.sandbox.slack.rules import Rules

OAUTH_CODE_SECONDS = 600.0


@dataclass(slots=True)
class Trigger:
    """The right to open one view soon."""

    team: str
    user: str
    issued: float
    channel: str = ""
    used: bool = False


@dataclass(slots=True)
class Response:
    """The right to answer where an interaction happened; `ts` is the message it came from."""

    team: str
    user: str
    channel: str
    issued: float
    ts: str = ""
    uses: int = 0


@dataclass(slots=True)
class Code:
    """An OAuth code, to be exchanged once."""

    team: str
    user: str
    redirect_uri: str
    issued: float
    whole: bool = False


class Tickets:
    """Issues and judges them."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._numbers = itertools.count(1)
        self._triggers: dict[str, Trigger] = {}
        self._responses: dict[str, Response] = {}
        self._codes: dict[str, Code] = {}

    def trigger(self, team: str, user: str, channel: str = "") -> str:
        """A fresh trigger_id."""
        trigger_id = f"{next(self._numbers)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(team, user, self._rules.now(), channel)
        return trigger_id

    def judge(self, trigger_id: str, team: str) -> Trigger:
        """The trigger, still unused. SlackError invalid_, expired_ or exchanged_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None or trigger.team != team:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._rules.now() - trigger.issued > self._rules.trigger_seconds:
            raise SlackError("expired_trigger_id")
        return trigger

    def response(self, team: str, user: str, channel: str, ts: str = "") -> str:
        """The path's last part of a fresh response_url."""
        response_id = f"{team}-{next(self._numbers)}-{secrets.token_urlsafe(18)}"
        self._responses[response_id] = Response(team, user, channel, self._rules.now(), ts)
        return response_id

    def use_response(self, response_id: str) -> Response:
        """Spend one use. SlackError invalid_url, expired_url or used_url."""
        response = self._responses.get(response_id)
        if response is None:
            raise SlackError("invalid_url")
        if self._rules.now() - response.issued > self._rules.response_url_seconds:
            raise SlackError("expired_url")
        if response.uses >= self._rules.response_url_uses:
            raise SlackError("used_url")
        response.uses += 1
        return response

    def code(self, team: str, user: str, redirect_uri: str, *, whole: bool = False) -> str:
        """A fresh OAuth code, as the consent page hands it out; `whole` for an organisation."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(team, user, redirect_uri, self._rules.now(), whole)
        return code

    def use_code(self, code: str) -> Code:
        """Exchange a code. SlackError invalid_code, also when it is older than ten minutes."""
        found = self._codes.pop(code, None)
        if found is None or self._rules.now() - found.issued > OAUTH_CODE_SECONDS:
            raise SlackError("invalid_code")
        return found
