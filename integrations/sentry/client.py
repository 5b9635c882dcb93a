"""Sends events to Sentry's envelope endpoint (develop.sentry.dev/sdk/data-model/envelopes)."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import orjson

from integrations.http import ClientOptions, client

VENDOR = "sentry"
DEADLINE = timedelta(seconds=5)
CLIENT = "seguito/1"
CONTENT_TYPE = "application/x-sentry-envelope"


class BadDsn(ValueError):
    """The DSN is no `https://key@host/project`."""


class Sentry:
    """One project; `close` it at the end."""

    def __init__(self, dsn: str, options: ClientOptions | None = None) -> None:
        """`dsn` as Sentry shows it; raises BadDsn."""
        parts = urlsplit(dsn)
        path, _, project = parts.path.rstrip("/").rpartition("/")
        if parts.scheme not in ("http", "https") or not (parts.username and parts.hostname):
            raise BadDsn("must be like https://key@host/project")
        if not project.isdigit():
            raise BadDsn("must end with the project’s number")
        options = options or ClientOptions()
        place = parts.netloc.rpartition("@")[2]
        origin = f"{parts.scheme}://{place}{path}"
        self._url = f"/api/{project}/envelope/"
        self._key = parts.username
        bounded = ClientOptions(deadline=DEADLINE, observe=options.observe)
        self._http = client(origin, VENDOR, bounded)

    async def send(self, event: Mapping[str, object]) -> int:
        """Post one event; the status, also of a refusal. Raises Unreachable."""
        event_id = uuid4().hex
        lines = ({"event_id": event_id}, {"type": "event"}, {**event, "event_id": event_id})
        auth = f"Sentry sentry_version=7, sentry_client={CLIENT}, sentry_key={self._key}"
        answer: httpx.Response = await self._http.post(
            self._url,
            content=b"\n".join(orjson.dumps(line) for line in lines),
            headers={"Content-Type": CONTENT_TYPE, "X-Sentry-Auth": auth},
            extensions={"operation": "event"},
        )
        return answer.status_code

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()
