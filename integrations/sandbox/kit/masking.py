"""What the journal may show of a request: open headers, bodies without their secrets."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

KEPT_CHARACTERS = 16_000
MASK = "•••"
# Only these headers are written down with their value: a header nobody thought of stays secret.
OPEN_HEADERS = frozenset(
    {
        "accept",
        "content-length",
        "content-type",
        "host",
        "ratelimit-limit",
        "ratelimit-policy",
        "ratelimit-remaining",
        "ratelimit-reset",
        "retry-after",
        "user-agent",
        "x-request-id",
    }
)
SECRET_FIELDS = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "code_verifier",
        "id_token",
        "license_key",
        "password",
        "refresh_token",
        "secret",
        "token",
    }
)
_LICENSE_KEY = re.compile(r"CHA(-[0-9A-Fa-f]{4,8}){4}")


@dataclass(slots=True)
class Mask:
    """What is common to all, and what each vendor adds; names are in lower case."""

    shown_headers: frozenset[str] = OPEN_HEADERS
    hidden_fields: frozenset[str] = SECRET_FIELDS

    def learn(self, *, open_headers: frozenset[str], secret_fields: frozenset[str]) -> None:
        """Knows what a vendor declares, too."""
        self.shown_headers |= open_headers
        self.hidden_fields |= secret_fields

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Headers with every value masked that is not on the allow-list."""
        return {
            name: value if name.lower() in self.shown_headers else MASK
            for name, value in headers.items()
        }

    def body(self, body: object) -> object:
        """A body with known secrets and license keys replaced; text is cut to a sane length."""
        if isinstance(body, Mapping):
            return {
                key: MASK if str(key).lower() in self.hidden_fields and value else self.body(value)
                for key, value in body.items()
            }
        if isinstance(body, list | tuple):
            return [self.body(item) for item in body]
        if not isinstance(body, str):
            return body
        text = _LICENSE_KEY.sub(f"CHA-{MASK}", body)
        is_small = len(text) <= KEPT_CHARACTERS
        return text if is_small else f"{text[:KEPT_CHARACTERS]}… ({len(text):,} characters)"

    def readable(self, raw: bytes, content_type: str) -> object:
        """A wire body as JSON-able data: parsed JSON or form fields, else text; secrets masked."""
        if not raw:
            return None
        text = raw.decode("utf-8", errors="replace")
        if "json" in content_type:
            try:
                body = self.body(json.loads(text))
            except ValueError:
                return self.body(text)
            # A transcript of three hours would fill the panel: kept as text that is cut.
            is_small = len(text) <= KEPT_CHARACTERS
            return body if is_small else self.body(json.dumps(body, ensure_ascii=False))
        if "x-www-form-urlencoded" in content_type:
            return self.body(dict(parse_qsl(text, keep_blank_values=True)))
        return self.body(text)
