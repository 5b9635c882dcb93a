"""Signed receipts: what a plugin may rely on while it cannot reach us, and the keys to check them.

A receipt is a compact JWS (RFC 7515) signed with Ed25519 (RFC 8037); a key's id is its thumbprint
(RFC 7638). Docs and reference verifiers: docs/receipts.
"""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FRESH = timedelta(hours=24)
GRACE = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class ReceiptTerms:
    """What a receipt vouches for; `domains` are all on which the license may run.

    `ends_at` is the license's own end: no receipt and no grace outlasts it.
    """

    license_id: str
    status: str
    plan: str
    features: tuple[str, ...]
    domains: tuple[str, ...]
    max_sites: int | None
    ends_at: datetime | None = None


class Receipts:
    """Signs with the first seed; what the others signed stays verifiable."""

    def __init__(self, seeds: tuple[bytes, ...], issuer: str) -> None:
        """`seeds`: 32 bytes each, newest first, at least one; `issuer`: our public URL."""
        keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
        published = [_public(key) for key in keys]
        self._issuer = issuer
        self._sign = keys[0].sign
        header = {"alg": "EdDSA", "kid": published[0]["kid"], "typ": "JWT"}
        self._header = _base64url(orjson.dumps(header))
        self.jwks = orjson.dumps({"keys": published})

    def issue(self, terms: ReceiptTerms, now: datetime) -> str:
        """A receipt that is fresh for 24 hours and then has 14 days of grace."""
        expires, grace_until = _until(terms, now)
        claims = {
            "iss": self._issuer,
            "sub": terms.license_id,
            "iat": int(now.timestamp()),
            "exp": int(expires.timestamp()),
            "grace_until": int(grace_until.timestamp()),
            "status": terms.status,
            "plan": terms.plan,
            "features": terms.features,
            "domains": terms.domains,
            "max_sites": terms.max_sites,
        }
        signed = self._header + b"." + _base64url(orjson.dumps(claims))
        return (signed + b"." + _base64url(self._sign(signed))).decode()


def _until(terms: ReceiptTerms, now: datetime) -> tuple[datetime, datetime]:
    expires = now + FRESH
    grace_until = expires + GRACE
    if terms.ends_at is None:
        return expires, grace_until
    # Grace is for our outage; it must not make a license longer than what was paid for.
    return min(expires, terms.ends_at), min(grace_until, terms.ends_at)


def _public(key: Ed25519PrivateKey) -> dict[str, str]:
    raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    # Exactly these members in this order: the thumbprint is the hash of their text.
    required = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(raw).decode()}
    kid = _base64url(hashlib.sha256(orjson.dumps(required)).digest()).decode()
    return {**required, "kid": kid, "alg": "EdDSA", "use": "sig"}


def _base64url(raw: bytes) -> bytes:
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
