"""A customer's web server: it keeps the webhooks it gets and checks who signed them."""

import base64
import binascii
import hashlib
import hmac
import itertools
import json
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

PATH = "/site/webhooks"
KEPT = 200
PREFIX = "whsec_"
TOLERANCE = 300.0  # seconds between the signature's time and ours, standard-webhooks' own
NEEDED = ("webhook-id", "webhook-timestamp", "webhook-signature")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One request that came in, as it was; `n` counts from 1."""

    n: int
    at: datetime
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def document(self) -> Any:
        """The parsed body; None when it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def problem(delivery: Delivery, secrets: tuple[str, ...]) -> str:
    """What is wrong with a delivery's signature by Standard Webhooks, "" when nothing is.

    https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
    """
    missing = [name for name in NEEDED if not delivery.headers.get(name)]
    if missing:
        return f"the header {missing[0]} is missing"
    stamp = delivery.headers["webhook-timestamp"]
    if not stamp.isdecimal():
        return "webhook-timestamp is no number of seconds"
    if abs(delivery.at.timestamp() - int(stamp)) > TOLERANCE:
        return "webhook-timestamp is more than five minutes away"
    given = delivery.headers["webhook-signature"].split()
    signed = b".".join((delivery.headers["webhook-id"].encode(), stamp.encode(), delivery.body))
    if any(hmac.compare_digest(_signature(s, signed), one) for s in secrets for one in given):
        return ""
    return "no signature fits the secret"


class SiteWebhooks:
    """The handlers. Without a secret everything is taken; with one only what it signed."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        self._numbers: Iterator[int] = itertools.count(1)
        self.deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self.secrets: tuple[str, ...] = ()

    def trust(self, secret: str) -> None:
        """Check deliveries with this `whsec_…` as well. ValueError when it is no secret."""
        _key(secret)
        self.secrets = (*(s for s in self.secrets if s != secret), secret)
        self._changed()

    async def take(self, request: web.Request) -> web.Response:
        """POST: 204, or 401 for what none of our secrets signed."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = await request.read()
        delivery = Delivery(next(self._numbers), datetime.now(UTC), headers, body)
        self.deliveries.append(delivery)
        self._changed()
        if self.secrets and (wrong := problem(delivery, self.secrets)):
            return web.json_response({"error": wrong}, status=401)
        return web.Response(status=204)

    def as_json(self) -> list[dict[str, Any]]:
        """As the panel shows it, newest first; `signed` is null while no secret is known."""
        return [self._shown(delivery) for delivery in reversed(self.deliveries)]

    def _shown(self, delivery: Delivery) -> dict[str, Any]:
        wrong = problem(delivery, self.secrets) if self.secrets else ""
        document = delivery.document
        return {
            "n": delivery.n,
            "at": delivery.at.isoformat(timespec="milliseconds"),
            "id": delivery.headers.get("webhook-id", ""),
            "type": document.get("type", "") if isinstance(document, dict) else "",
            "headers": dict(delivery.headers),
            "body": document if document is not None else delivery.body.decode(errors="replace"),
            "signed": not wrong if self.secrets else None,
            "problem": wrong,
        }


def _key(secret: str) -> bytes:
    text = secret.strip()
    try:
        key = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        key = b""
    if not text.startswith(PREFIX) or not key:
        raise ValueError("a webhook's secret is whsec_ and base64")
    return key


def _signature(secret: str, signed: bytes) -> str:
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"
