"""The journal of every request that crossed the wire, with secrets masked."""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qsl

KEPT_ENTRIES = 1_000
KEPT_CHARACTERS = 16_000
MASK = "•••"
# Only these headers are written down with their value: a header nobody thought of stays secret.
OPEN_HEADERS = frozenset(
    {
        "accept",
        "anthropic-version",
        "content-length",
        "content-type",
        "host",
        "ratelimit-limit",
        "ratelimit-policy",
        "ratelimit-remaining",
        "ratelimit-reset",
        "request-id",
        "retry-after",
        "user-agent",
        "webhook-id",
        "webhook-timestamp",
        "x-quota-limit",
        "x-quota-remaining",
        "x-quota-reset",
        "x-request-id",
        "x-slack-request-timestamp",
        "x-slack-retry-num",
        "x-slack-retry-reason",
        "x-stainless-retry-count",
    }
)
SECRET_FIELDS = frozenset(
    {
        "access_token",
        "authed_user_token",
        "bot_token",
        "client_secret",
        "code",
        "code_verifier",
        "id_token",
        "license_key",
        "refresh_token",
        "secret",
        "token",
    }
)
_LICENSE_KEY = re.compile(r"CHA(-[0-9A-Fa-f]{4,8}){4}")

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    `direction` is "in" for a call to an imitated vendor and "out" for a delivery to the product;
    `status` 0 means that no answer was given; `ms` is the time until the answer.
    """

    direction: Direction
    vendor: str
    method: str
    path: str
    status: int
    ms: float
    request: object = None
    response: object = None


class Journal:
    """A bounded list of exchanges, numbered from 1, newest last."""

    def __init__(self, announce: Callable[[str], None] | None = None) -> None:
        self._entries: deque[dict[str, Any]] = deque(maxlen=KEPT_ENTRIES)
        self._count = 0
        self.announce = announce

    def record(self, exchange: Exchange) -> None:
        """Write one exchange down; request and response must already be masked (see `masked`)."""
        self._count += 1
        self._entries.append(
            {
                "n": self._count,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "direction": exchange.direction,
                "vendor": exchange.vendor,
                "method": exchange.method,
                "path": exchange.path,
                "status": exchange.status,
                "ms": round(exchange.ms, 1),
                "request": exchange.request,
                "response": exchange.response,
            }
        )
        if self.announce:
            self.announce("journal")

    def entries(self, after: int = 0, *, vendor: str | None = None) -> list[dict[str, Any]]:
        """The entries numbered above `after`, oldest first."""
        return [
            entry
            for entry in self._entries
            if entry["n"] > after and vendor in (None, entry["vendor"])
        ]

    def clear(self) -> None:
        """Forget everything; numbering goes on."""
        self._entries.clear()


def open_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers with every value masked that is not on the allow-list."""
    return {
        name: value if name.lower() in OPEN_HEADERS else MASK for name, value in headers.items()
    }


def masked(body: object) -> object:
    """A body with known secrets and license keys replaced; text is cut to a sane length."""
    if isinstance(body, Mapping):
        return {
            key: MASK if str(key).lower() in SECRET_FIELDS and value else masked(value)
            for key, value in body.items()
        }
    if isinstance(body, list | tuple):
        return [masked(item) for item in body]
    if not isinstance(body, str):
        return body
    text = _LICENSE_KEY.sub(f"CHA-{MASK}", body)
    is_small = len(text) <= KEPT_CHARACTERS
    return text if is_small else f"{text[:KEPT_CHARACTERS]}… ({len(text):,} characters)"


def readable(raw: bytes, content_type: str) -> object:
    """A wire body as JSON-able data: parsed JSON or form fields, else text; secrets masked."""
    if not raw:
        return None
    text = raw.decode("utf-8", errors="replace")
    if "json" in content_type:
        try:
            body = masked(json.loads(text))
        except ValueError:
            return masked(text)
        # A transcript of three hours would fill the panel: kept as text that is cut.
        is_small = len(text) <= KEPT_CHARACTERS
        return body if is_small else masked(json.dumps(body, ensure_ascii=False))
    if "x-www-form-urlencoded" in content_type:
        return masked(dict(parse_qsl(text, keep_blank_values=True)))
    return masked(text)
