"""The Events API: what is told to the app without being asked, with Slack's retries."""

import asyncio
import secrets
import time
from dataclasses import dataclass

from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.deliver_http import Answer
from integrations.sandbox.slack.delivery import Delivery
from integrations.sandbox.slack.manifest import AppManifest
from integrations.sandbox.slack.rules import Rules

_CHANNEL_KINDS = {"im": "message.im", "channel": "message.channels", "group": "message.groups"}
# Slack sends a message event only to apps that may read such conversations.
_NEEDED_SCOPES = {
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
}


@dataclass(frozen=True, slots=True)
class Sender:
    """The installation an event belongs to."""

    team_id: str
    app_id: str
    bot_user_id: str
    enterprise_id: str = ""
    whole: bool = False


class Events:
    """Sends events in the background, in their order of happening."""

    def __init__(self, app: AppManifest, rules: Rules, delivery: Delivery) -> None:
        self._app, self._rules, self._delivery = app, rules, delivery
        self._sent: dict[str, Json] = {}
        self._running: set[asyncio.Task[None]] = set()

    def publish(self, sender: Sender, event: Json) -> str:
        """Send an event the manifest subscribes to; returns its event_id, "" when nobody asked."""
        name = _subscription(event)
        needed = _NEEDED_SCOPES.get(name)
        if name not in self._app.events or (needed and needed not in self._app.scopes):
            return ""
        body = _wrapped(sender, event)
        self._sent[body["event_id"]] = body
        task = asyncio.create_task(self._until_taken(body))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return str(body["event_id"])

    async def redeliver(
        self, event_id: str = "", attempt: int = 1, reason: str = "http_timeout"
    ) -> Answer:
        """Send an event once more with retry headers; by default the last one. LookupError."""
        if not self._sent:
            raise LookupError("no event was sent yet")
        body = self._sent[event_id or list(self._sent)[-1]]
        return await self._delivery.event(body, attempt, reason)

    async def verify_url(self) -> bool:
        """The url_verification handshake: whether the app echoes the challenge."""
        challenge = secrets.token_urlsafe(24)
        body = {"type": "url_verification", "token": "deprecated", "challenge": challenge}
        answer = await self._delivery.event(body)
        echoed = (answer.json() or {}).get("challenge", answer.body.decode(errors="replace"))
        return answer.status == 200 and echoed == challenge

    async def settled(self) -> None:
        """Wait until no event is on its way any more."""
        while self._running:
            await asyncio.gather(*self._running)

    async def close(self) -> None:
        """Give up what is still on its way."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _until_taken(self, body: Json) -> None:
        answer = await self._delivery.event(body)
        for attempt, delay in enumerate(self._rules.retry_delays, start=1):
            if not answer.error or answer.headers.get("x-slack-no-retry") == "1":
                return
            await asyncio.sleep(delay)
            answer = await self._delivery.event(body, attempt, answer.reason)


def _subscription(event: Json) -> str:
    if event["type"] == "message":
        return _CHANNEL_KINDS[event["channel_type"]]
    return str(event["type"])


def _wrapped(sender: Sender, event: Json) -> Json:
    organisation = sender.enterprise_id or None
    return {
        "token": "deprecated",
        "team_id": sender.team_id,
        **({"enterprise_id": organisation} if organisation else {}),
        "context_team_id": sender.team_id,
        "context_enterprise_id": organisation,
        "api_app_id": sender.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(time.time()),
        "authorizations": [
            {
                "enterprise_id": organisation,
                "team_id": None if sender.whole else sender.team_id,
                "user_id": sender.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": sender.whole,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_urlsafe(24)}",
    }
