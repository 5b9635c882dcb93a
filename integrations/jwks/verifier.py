"""Tokens verified: by the issuer's published key, for our audience, within their time."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import jwt
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidKeyError,
    InvalidSignatureError,
    PyJWTError,
)

from integrations.errors import RefusedByVendor
from integrations.json_fields import text
from integrations.jwks.keys import PublicKeys
from integrations.jwks.types import Issuer, TokenClaims, TokenRefused

# Supabase's tokens have about one; a header of our server may have eight.
LONGEST = 8 * 1024
LEEWAY = timedelta(seconds=10)
SHARED = "HS256"
NO_KEYS = "publishes no signing key; give its legacy JWT secret, or rotate to signing keys"
REQUIRED = ["exp", "iss", "aud", "sub"]
REASONS = {
    ExpiredSignatureError: "expired",
    ImmatureSignatureError: "not_yet",
    InvalidSignatureError: "signature",
    InvalidKeyError: "signature",
}


class TokenVerifier:
    """Verifies one issuer's tokens. The token says which key, never how it is used."""

    def __init__(
        self, http: httpx.AsyncClient, issuer: Issuer, clock: Callable[[], datetime]
    ) -> None:
        """Takes a client of `integrations.http.client`; nothing connects before the first token."""
        self._http = http
        self._issuer = issuer
        self._keys = PublicKeys(http, issuer.name, issuer.keys_path, clock)

    async def close(self) -> None:
        """Give the connections back."""
        await self._http.aclose()

    async def check(self) -> None:
        """Return when tokens can be verified.

        RefusedByVendor when nothing signs them: no published key, and no shared secret given.
        """
        if not await self._keys.count() and not self._issuer.secret:
            raise RefusedByVendor(self._issuer.name, NO_KEYS)

    async def verify(self, token: str) -> TokenClaims:
        """What the token says.

        Raises TokenRefused; Unreachable and its like while the issuer's keys cannot be had.
        """
        return _claims(await self.read(token))

    async def read(self, token: str) -> Mapping[str, object]:
        """Every claim, for issuers with claims of their own; raises as `verify` does."""
        if len(token) > LONGEST or not token.isascii():
            raise self._refused("malformed")
        algorithm, key_id = self._header(token)
        key = await self._key(algorithm, key_id)
        try:
            claims: Mapping[str, object] = jwt.decode(
                token,
                key=key,
                algorithms=[algorithm],
                audience=self._issuer.audience,
                issuer=self._issuer.issuer,
                leeway=LEEWAY,
                options={"require": REQUIRED},
            )
        except PyJWTError as error:
            raise self._refused(REASONS.get(type(error), "claims")) from None
        return claims

    def _header(self, token: str) -> tuple[str, str]:
        """The algorithm and the key id that the token names, to choose a key by; not believed."""
        try:
            header = jwt.get_unverified_header(token)
        except PyJWTError:
            raise self._refused("malformed") from None
        return text(header, "alg"), text(header, "kid")

    async def _key(self, algorithm: str, key_id: str) -> jwt.PyJWK | str:
        """The key whose own algorithm that is: a public one never verifies a shared secret's."""
        if algorithm == SHARED:
            if not self._issuer.secret:
                raise self._refused("algorithm")
            return self._issuer.secret
        key = await self._keys.find(key_id) if key_id else None
        if key is None:
            raise self._refused("unknown_key")
        if key.algorithm_name != algorithm:
            raise self._refused("algorithm")
        return key

    def _refused(self, code: str) -> TokenRefused:
        return TokenRefused(self._issuer.name, code)


def _claims(claims: Mapping[str, object]) -> TokenClaims:
    expires = claims["exp"]
    return TokenClaims(
        subject=text(claims, "sub"),
        email=text(claims, "email").lower(),
        role=text(claims, "role"),
        expires_at=datetime.fromtimestamp(expires if isinstance(expires, int | float) else 0, UTC),
    )
