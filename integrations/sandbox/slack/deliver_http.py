"""Signed HTTP requests from Slack to the app, and what came back in time."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from integrations.sandbox.slack.rules import Rules

USER_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """The app's acknowledgement; `error` is "" for a good one, else what Slack calls it.

    `status` 0 means no answer in time, `reason` is the word of x-slack-retry-reason.
    """

    status: int
    body: bytes
    ms: float
    error: str = ""
    reason: str = ""
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def json(self) -> dict[str, Any] | None:
        """The body as an object; {} when empty, None when it is something else."""
        if not self.body.strip():
            return {}
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return None
        return parsed if isinstance(parsed, dict) else None


class HttpDelivery:
    """Posts bodies to the app with Slack's signature over the raw bytes."""

    def __init__(self, signing_secret: str, rules: Rules) -> None:
        self._secret = signing_secret
        self._rules = rules
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, body: bytes, content_type: str, extra: Mapping[str, str] | None = None
    ) -> Answer:
        """Deliver once; waits for the acknowledgement until its deadline."""
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "application/json,*/*",
            "Content-Type": content_type,
            **signature_headers(self._secret, body, int(time.time())),
            **(extra or {}),
        }
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(self._rules.ack_seconds):
                return await self._exchange(url, body, headers, begun)
        except TimeoutError:
            return Answer(0, b"", _ms(begun), "operation_timeout", "http_timeout")
        except aiohttp.ClientError:
            return Answer(0, b"", _ms(begun), "dispatch_failed", "connection_failed")

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _exchange(
        self, url: str, body: bytes, headers: Mapping[str, str], begun: float
    ) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        async with self._session.post(
            url, data=body, headers=headers, allow_redirects=False
        ) as response:
            answer = await response.read()
            good = response.status == 200
            return Answer(
                status=response.status,
                body=answer,
                ms=_ms(begun),
                error="" if good else "dispatch_failed",
                reason="" if good else "http_error",
                content_type=response.content_type,
                headers={name.lower(): value for name, value in response.headers.items()},
            )


def signature_headers(secret: str, body: bytes, timestamp: int) -> dict[str, str]:
    """X-Slack-Request-Timestamp and X-Slack-Signature (contracts, C1)."""
    base = b"v0:%d:%s" % (timestamp, body)
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": f"v0={digest}",
    }


def _ms(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
