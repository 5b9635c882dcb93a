"""Slack's HTTP door: limit the size, verify the signature over the raw bytes, only then parse."""

import hmac
from collections.abc import Callable
from time import time

import orjson
from aiohttp import web
from structlog import get_logger

from bot.process.metrics import Metrics
from bot.slack.deliveries import Deliveries, DeliveryReply, Malformed
from bot.slack.forms import fields
from handlers.http.kit.endpoints import read_bytes
from handlers.http.kit.problems import Problem
from handlers.slack.kit.wire import Body

PATHS = ("/slack/events", "/slack/commands", "/slack/interactions")
# A view is 250 KB at most (docs.slack.dev/surfaces/modals) and comes with what was typed into it;
# in a form each byte may become three. Nothing Slack sends is larger.
MAX_BYTES = 2 * 1024 * 1024
# docs.slack.dev/authentication/verifying-requests-from-slack: five minutes.
MAX_SKEW_SECONDS = 300
TIMESTAMP_DIGITS = 12
RETRY_HEADERS = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")
SURROGATES = "surrogateescape"

log = get_logger("slack.door")


class SlackDoor:
    """Three addresses, one way in; whatever is not Slack's is turned away with 400, 401 or 413."""

    def __init__(
        self,
        deliveries: Deliveries,
        signing_secret: str,
        metrics: Metrics,
        clock: Callable[[], float] = time,
    ) -> None:
        """`clock` tells seconds since 1970, as Slack's timestamps do."""
        if not signing_secret:
            raise ValueError("the Slack door needs the signing secret")
        self._deliveries = deliveries
        self._secret = signing_secret.encode()
        self._metrics = metrics
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """POST only: aiohttp answers the other methods with 405."""
        return [web.post(path, self.receive) for path in PATHS]

    async def receive(self, request: web.Request) -> web.Response:
        """Answer one delivery."""
        try:
            raw = await read_bytes(request, limit=MAX_BYTES)
            self._verify(request, raw)
            return _response(await self._answer(request, raw))
        except Problem as refusal:
            # No traceback and no body's content: whoever knocks without the secret fills no log.
            self._metrics.refused(refusal.status)
            log.info("slack.refused_at_door", status=refusal.status, reason=refusal.message)
            return web.Response(status=refusal.status, text=refusal.message)

    def _verify(self, request: web.Request, raw: bytes) -> None:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        given = request.headers.get("X-Slack-Signature", "")
        digits = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= TIMESTAMP_DIGITS
        if not digits or abs(self._clock() - int(timestamp)) > MAX_SKEW_SECONDS:
            raise Problem(401, "unsigned", "stale or no timestamp")
        expected = signature(self._secret, timestamp, raw)
        # As bytes: compare_digest refuses text that is not ASCII, and headers may be anything.
        if not hmac.compare_digest(expected.encode(), given.encode(errors=SURROGATES)):
            raise Problem(401, "unsigned", "wrong or no signature")

    async def _answer(self, request: web.Request, raw: bytes) -> DeliveryReply:
        try:
            body = _parsed(raw, request.content_type)
        except ValueError as error:
            raise Problem(400, "malformed", "malformed body") from error
        if "ssl_check" in body:
            return DeliveryReply()
        if body.get("type") == "url_verification":
            return DeliveryReply(body=orjson.dumps({"challenge": body.get("challenge")}).decode())
        if not {"command", "type"} & body.keys():
            raise Problem(400, "malformed", "neither a command nor a payload")
        retry = {name: request.headers[name] for name in RETRY_HEADERS if name in request.headers}
        try:
            return await self._deliveries.deliver(body, retry)
        except Malformed as error:
            raise Problem(400, "malformed", "not a payload of Slack's") from error


def signature(secret: bytes, timestamp: str, raw: bytes) -> str:
    """Slack's `v0` signature of a raw body."""
    mac = hmac.digest(secret, b"v0:" + timestamp.encode() + b":" + raw, "sha256")
    return "v0=" + mac.hex()


def _parsed(raw: bytes, content_type: str) -> Body:
    """The JSON, or the JSON in a form's `payload`, or the form; raises ValueError."""
    if content_type == "application/json":
        body = orjson.loads(raw)
    else:
        form = fields(raw)
        payload = form.get("payload")
        if payload is None:
            return {name: value.decode() for name, value in form.items()}
        body = orjson.loads(payload)
    if not isinstance(body, dict):
        raise ValueError("not a JSON object")
    return body


def _response(answer: DeliveryReply) -> web.Response:
    kind = "application/json" if answer.is_json else "text/plain"
    return web.Response(status=answer.status, text=answer.body, content_type=kind)
