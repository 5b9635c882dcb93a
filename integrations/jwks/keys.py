"""The issuer's public keys: fetched when one is needed, kept, and fetched anew when they turn."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import httpx
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from integrations.errors import IntegrationError, Unreachable
from integrations.json_fields import document, records, text

# As long as Supabase's own edge keeps them.
FRESH = timedelta(minutes=10)
# While the issuer is away its keys stay good for so long; one that was revoked no longer.
STALE = timedelta(hours=1)
# Tokens with made-up key ids must not become requests to the issuer.
BETWEEN_FETCHES = timedelta(seconds=30)
AFTER_A_FAILURE = timedelta(seconds=3)
MOST_BYTES = 64 * 1024
MOST_KEYS = 32
ASYMMETRIC = frozenset({"ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "EdDSA"})

log = structlog.get_logger(__name__)


class PublicKeys:
    """By key id; shared by all requests of a process, which wait for one fetch together."""

    def __init__(
        self, http: httpx.AsyncClient, vendor: str, path: str, clock: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._vendor = vendor
        self._path = path
        self._clock = clock
        self._keys: Mapping[str, PyJWK] = {}
        self._fetched_at: datetime | None = None
        self._next_fetch: datetime | None = None
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str) -> PyJWK | None:
        """The key with this id; None when the issuer has none.

        Raises an IntegrationError when the issuer cannot be asked and what we know is too old.
        """
        if not self._fresh(FRESH) or key_id not in self._keys:
            await self._refresh(key_id)
        return self._keys.get(key_id)

    async def count(self) -> int:
        """How many the issuer publishes now; raises an IntegrationError."""
        return len(await self._fetch())

    async def _refresh(self, key_id: str) -> None:
        async with self._fetching:
            now = self._clock()
            known = key_id in self._keys and self._fresh(FRESH)
            if not known and (self._next_fetch is None or self._next_fetch <= now):
                try:
                    self._keys, self._fetched_at = await self._fetch(), now
                    self._next_fetch = now + BETWEEN_FETCHES
                except IntegrationError as error:
                    log.warning("jwks.not_fetched", vendor=self._vendor, reason=str(error))
                    self._next_fetch = now + AFTER_A_FAILURE
            if not self._fresh(STALE):
                raise Unreachable(self._vendor, "no keys to verify tokens with")

    async def _fetch(self) -> Mapping[str, PyJWK]:
        answer = await self._http.get(self._path, extensions={"operation": "jwks"})
        if not answer.is_success or len(answer.content) > MOST_BYTES:
            raise Unreachable(self._vendor, f"jwks {answer.status_code}")
        found = records(document(self._vendor, answer.content).get("keys"))[:MOST_KEYS]
        keys = {text(one, "kid"): _key(one) for one in found}
        return {kid: key for kid, key in keys.items() if kid and key is not None}

    def _fresh(self, age: timedelta) -> bool:
        return self._fetched_at is not None and self._clock() - self._fetched_at < age


def _key(row: Mapping[str, object]) -> PyJWK | None:
    """A public key that signs; None for a shared secret, or of a kind nobody here knows."""
    if row.get("use", "sig") != "sig":
        return None
    try:
        key = PyJWK(dict(row))
    except PyJWTError:
        return None
    return key if key.algorithm_name in ASYMMETRIC else None
