"""One way out to the app, over HTTP or Socket Mode, each delivery written into the journal."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from integrations.sandbox.kit.journal import Exchange
from integrations.sandbox.slack.blockkit.checks import Json
from integrations.sandbox.slack.deliver_http import FORM, JSON, Answer, HttpDelivery
from integrations.sandbox.slack.manifest import AppManifest, SlashCommand
from integrations.sandbox.slack.rules import Rules
from integrations.sandbox.slack.shape import Journal, World
from integrations.sandbox.slack.sockets import Envelope, Sockets


class Delivery:
    """Chooses the way, sends, waits for the acknowledgement, keeps the books."""

    def __init__(self, world: World, app: AppManifest, rules: Rules, journal: Journal) -> None:
        self._app, self._rules, self._journal = app, rules, journal
        self._http = HttpDelivery(world.signing_secret, rules)
        self.sockets = Sockets(world.app_id, rules)

    @property
    def socket_mode(self) -> bool:
        """Whether HTTP request URLs receive nothing (contracts, C2)."""
        chosen = self._rules.socket_mode
        return self._app.socket_mode if chosen is None else chosen

    async def command(self, command: SlashCommand, form: dict[str, str]) -> Answer:
        """A slash command."""
        if self.socket_mode:
            return await self._by_socket(Envelope("slash_commands", dict(form), True))
        body = urlencode(form).encode()
        return await self._by_http(command.command, command.url, body, FORM)

    async def interaction(self, payload: Json) -> Answer:
        """A click, submission, closing, shortcut or request for options."""
        if self.socket_mode:
            return await self._by_socket(Envelope("interactive", payload, True))
        wants_options = payload["type"] == "block_suggestion"
        url = self._app.options_url if wants_options else self._app.interactivity_url
        if not url:
            return self._nowhere(payload["type"])
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self._by_http(payload["type"], url, body, FORM)

    async def event(self, body: Json, attempt: int = 0, reason: str = "") -> Answer:
        """An Events API body; `attempt` 1 to 3 is a retry for `reason`."""
        if self.socket_mode:
            return await self._by_socket(Envelope("events_api", body, False, attempt, reason))
        retry = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason}
        kind = body.get("event", {}).get("type", body["type"])
        raw = json.dumps(body).encode()
        return await self._by_http(kind, self._app.events_url, raw, JSON, retry if attempt else {})

    async def raw(self, url: str, body: bytes, content_type: str = FORM) -> Answer:
        """Any signed body to any of the app's URLs, such as an ssl_check probe."""
        return await self._by_http("raw", url, body, content_type)

    def misused(self, where: str, problem: str, body: object = None) -> None:
        """Write down that the app's acknowledgement was understood but wrong."""
        self._journal.record(
            Exchange(
                "out",
                "slack",
                "REFUSED",
                where,
                0,
                0.0,
                self._journal.mask.body(body),
                {"problem": problem},
            )
        )

    async def close(self) -> None:
        """Close the connections."""
        await self.sockets.disconnect("refresh_requested")
        await self._http.close()

    async def _by_http(
        self, kind: str, url: str, body: bytes, content_type: str, extra: Any = None
    ) -> Answer:
        answer = await self._http.post(url, body, content_type, extra)
        request = {"kind": kind, **(extra or {}), "body": self._seen(body, content_type)}
        self._record("POST", urlsplit(url).path, answer, request)
        return answer

    async def _by_socket(self, envelope: Envelope) -> Answer:
        answer = await self.sockets.deliver(envelope)
        request = {"kind": envelope.kind, "body": self._journal.mask.body(envelope.payload)}
        if envelope.retry_attempt:
            request["retry"] = {"attempt": envelope.retry_attempt, "reason": envelope.retry_reason}
        self._record("SOCKET", envelope.kind, answer, request)
        return answer

    def _record(self, method: str, path: str, answer: Answer, request: Json) -> None:
        seen = self._journal.mask.readable(answer.body, answer.content_type)
        response = {"error": answer.error, "body": seen} if answer.error else {"body": seen}
        self._journal.record(
            Exchange("out", "slack", method, path, answer.status, answer.ms, request, response)
        )

    def _nowhere(self, kind: str) -> Answer:
        answer = Answer(0, b"", 0.0, "dispatch_failed", "connection_failed")
        self._record("POST", "(no URL in the manifest)", answer, {"kind": kind})
        return answer

    def _seen(self, body: bytes, content_type: str) -> object:
        """The body as data; a payload is read before long texts are cut."""
        mask = self._journal.mask
        if content_type == FORM and body.startswith(b"payload="):
            payload = dict(parse_qsl(body.decode(errors="replace"))).get("payload", "")
            return mask.readable(payload.encode(), JSON)
        return mask.readable(body, content_type)
